import type { Config } from './config/load.ts';
import { HookAddresses } from './http/hook-addresses.ts';
import { HookRefusals } from './http/hook-refusals.ts';
import type { HeartbeatDeps, HookDeps } from './http/hooks.ts';
import { readHeartbeat } from './media/srs/heartbeat.ts';
import { readHook } from './media/srs/hooks.ts';
import type { Metrics } from './observability/metrics.ts';
import type { Heartbeats } from './nodes/heartbeats.ts';
import type { Roster } from './nodes/roster.ts';
import type { HookDesk } from './rooms/hook-desk.ts';

/** What media servers may call, and what comes of it. */
export const createHooks = (
  config: Config,
  parts: {
    readonly hookDesk: HookDesk;
    readonly roster: Roster;
    readonly heartbeats: Heartbeats | undefined;
    readonly edge: HookDeps['edge'];
    readonly metrics: Metrics;
    readonly now: () => number;
  },
): HookDeps => ({
  secret: config.HOOK_SECRET.reveal(),
  hookAddresses: new HookAddresses({
    allowed: config.HOOK_ALLOWED_ADDRESSES,
    nodeUrls: () => parts.roster.apiUrls(),
    now: parts.now,
  }),
  hookRefusals: new HookRefusals(parts.now),
  heartbeats: heartbeatsOf(config, parts),
  read: readHook,
  handle: (hook) => parts.hookDesk.handle(hook),
  metrics: parts.metrics,
  edge: parts.edge,
});

const heartbeatsOf = (
  config: Config,
  { heartbeats, now }: { readonly heartbeats: Heartbeats | undefined; readonly now: () => number },
): HeartbeatDeps | undefined =>
  heartbeats && {
    addresses: new HookAddresses({
      allowed: config.SRS_HEARTBEAT_ALLOWED_ADDRESSES,
      nodeUrls: () => [],
      now,
    }),
    take: (body, sender) => heartbeats.beat(readHeartbeat(body), sender),
  };
