import { timingSafeEqual, createHash } from 'node:crypto';
import { Router, type RequestHandler, type Response } from 'express';
import { GatewayError } from '../errors.ts';
import type { HookCall, NodeHook } from '../media/node.ts';
import type { Metrics } from '../observability/metrics.ts';
import { requestIdOf } from './audit-entry.ts';
import { readJson } from './body.ts';
import { handHookOn, type ClusterEdge } from './cluster/hand-on.ts';
import { addressOf } from './client-address.ts';
import { isForwarded } from './forwarded.ts';
import type { HookRefusals } from './hook-refusals.ts';
import type { HookAddresses } from './hook-addresses.ts';

/** Refusal in SRS's words: 200 and a code that is not 0 (srs.md §15). */
const DENIED = '{"code":403}';

export interface HookDeps {
  readonly hookAddresses: HookAddresses;
  readonly hookRefusals: HookRefusals;
  readonly secret: string;
  /** Undefined: heartbeats are not taken. */
  readonly heartbeats: HeartbeatDeps | undefined;
  readonly read: (event: string, body: unknown) => NodeHook;
  readonly handle: (hook: NodeHook) => 'allow' | 'deny';
  readonly metrics: Metrics;
  /** Of a gateway that is one of several. */
  readonly edge: ClusterEdge | undefined;
}

/** What comes of heartbeats, and who may send them. */
export interface HeartbeatDeps {
  readonly addresses: HookAddresses;
  /** Of its body and its sender. @throws GatewayError */
  readonly take: (body: unknown, sender: string) => Promise<void>;
}

/**
 * `POST /api/srs/:event?secret=…`. The answer is `200` and exactly `0`, anything else refuses
 * (srs.md §7.2). A wrong secret, a wrong address and a malformed body are refusals with an HTTP
 * status (X39).
 */
export function hookRoutes(deps: HookDeps): Router {
  const { read, handle, metrics } = deps;
  const router = Router({ caseSensitive: true, strict: true });
  router.post(
    '/api/srs/:event',
    (_req, res, next) => {
      res.locals['arrivedAt'] = Date.now();
      next();
    },
    requireSecret(deps),
    requireAddress(deps.hookAddresses),
    readJson,
    handHookOn(deps.edge, (req) => read(String(req.params['event']), req.body).room),
    (req, res) => {
      const hook = read(String(req.params['event']), req.body);
      const verdict = handle({ ...hook, call: callOf(res) });
      metrics.hooks.inc({ event: hook.event, result: verdict });
      const body = verdict === 'allow' ? '0' : DENIED;
      res.status(200).type('text/plain').set('Content-Length', String(body.length)).end(body);
    },
  );
  if (deps.heartbeats !== undefined) serveHeartbeats(router, deps.heartbeats, deps);
  return router;
}

/** `POST /api/srs/:secret/heartbeat`: SRS drops the query of this URL. The answer is that of hooks. */
function serveHeartbeats(router: Router, { addresses, take }: HeartbeatDeps, deps: HookDeps): void {
  const expected = digest(deps.secret);
  router.post(
    '/api/srs/:secret/heartbeat',
    (req, _res, next) => {
      if (timingSafeEqual(digest(String(req.params['secret'])), expected)) next();
      else throw new GatewayError('scope-insufficient', 'The hook secret is wrong.');
    },
    requireAddress(addresses),
    readJson,
    async (req, res) => {
      await take(req.body, addressOf(req));
      deps.metrics.hooks.inc({ event: 'heartbeat', result: 'allow' });
      res.status(200).type('text/plain').set('Content-Length', '1').end('0');
    },
  );
}

const callOf = (res: Response): HookCall => ({
  at: Number(res.locals['arrivedAt']),
  request: requestIdOf(res),
});

function requireSecret({ secret, hookAddresses, hookRefusals }: HookDeps): RequestHandler {
  const expected = digest(secret);
  return async (req, _res, next) => {
    const given = req.query['secret'];
    if (typeof given !== 'string' || !timingSafeEqual(digest(given), expected)) {
      const address = addressOf(req);
      if (!isForwarded(req) && (await hookAddresses.has(address))) hookRefusals.note(address);
      throw new GatewayError('scope-insufficient', 'The hook secret is wrong.');
    }
    next();
  };
}

/** Nodes call directly: what came through a proxy that nobody named may be from anywhere. */
const requireAddress =
  (addresses: HookAddresses): RequestHandler =>
  async (req, _res, next) => {
    const strayed = isForwarded(req) && req.ips.length === 0;
    if (strayed || !(await addresses.has(addressOf(req)))) {
      throw new GatewayError('scope-insufficient', 'Hooks are not taken from this address.');
    }
    next();
  };

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
