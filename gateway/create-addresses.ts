import { existsSync } from 'node:fs';
import { networkInterfaces } from 'node:os';
import { AddressDesk } from './addresses/address-desk.ts';
import type { Config } from './config/load.ts';
import { isLoopback } from './config/loopback.ts';
import { Networks } from './limits/networks.ts';
import type { Logger } from './observability/logger.ts';
import type { RoomId } from './protocol/ids.ts';
import type { Nodes } from './rooms/nodes.ts';
import type { RoomNames } from './rooms/room-names.ts';
import { Trials, type Announce } from './rooms/trials.ts';

/** Marks that Docker and Podman leave. */
const CONTAINER_MARKS = ['/.dockerenv', '/run/.containerenv'];

/** What clients are told of media addresses, and the sessions by which these are tried. */
export function createAddresses(
  config: Config,
  deps: {
    readonly nodes: Nodes;
    readonly trialRoom: RoomId | undefined;
    readonly names: RoomNames;
    readonly log: Logger;
    readonly now: () => number;
  },
): { addresses: AddressDesk; trials: Trials; announce: Announce } {
  const { nodes, trialRoom: room, names, log, now } = deps;
  const isContained = CONTAINER_MARKS.some((path) => existsSync(path));
  const publicHost = config.PUBLIC_URL === undefined ? null : new URL(config.PUBLIC_URL).hostname;
  const neighbours = new Networks(
    Object.values(networkInterfaces()).flatMap((list) =>
      (list ?? []).flatMap(({ cidr }) => cidr ?? []),
    ),
  );
  const addresses = new AddressDesk({
    fallback: config.MEDIA_CANDIDATE.length === 1 ? (config.MEDIA_CANDIDATE[0] ?? []) : [],
    nodes,
    audience: {
      publicHost: publicHost === null || isLoopback(publicHost) ? null : publicHost,
      comesFromOutside: isContained ? null : !isLoopback(config.HOST),
    },
    // A bridge gives every client its own address.
    isRouter: (client) => isContained && neighbours.has(client),
    everyMs: config.ICE_PROBE_SECONDS * 1000,
    log,
    now,
  });
  const announce: Announce = (...given) => addresses.announce(...given);
  const trials = new Trials({ announce, names, ...(room === undefined ? {} : { room }) });
  addresses.use(trials);
  return { addresses, trials, announce };
}
