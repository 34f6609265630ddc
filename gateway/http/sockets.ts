import { Router, type NextFunction, type Request, type Response } from 'express';
import type { Tokens } from '../auth/tokens.ts';
import type { IceDesk } from '../ice/ice-desk.ts';
import type { Metrics } from '../observability/metrics.ts';
import { CLOSE_CODES } from '../protocol/close-codes.ts';
import { HOST_PROTOCOL } from '../protocol/host.ts';
import { PUBLISH_MEDIA_PROTOCOL, WATCH_MEDIA_PROTOCOL } from '../protocol/media/media-protocol.ts';
import { SIGNAL_PROTOCOL } from '../protocol/signal/signal-protocol.ts';
import { VIEWER_PROTOCOL } from '../protocol/viewer-protocol.ts';
import type { MediaSide } from '../rooms/media/media-desk.ts';
import type { HostSockets } from '../ws/host-sockets.ts';
import type { MediaSockets } from '../ws/media-sockets.ts';
import type { SignalClaim, SignalSockets } from '../ws/signal-sockets.ts';
import type { Upgrade } from '../ws/upgrade.ts';
import type { ViewerSockets } from '../ws/viewer-sockets.ts';
import { countAttempt } from './attempts.ts';
import { placeOf, roomPlaceOf } from './authenticate.ts';
import { bearerOf } from './bearer.ts';
import { noteCaller } from './caller.ts';
import { addressOf } from './client-address.ts';
import { recordFailure, statusOf, type Records } from './problem.ts';
import type { RateLimits } from './rate-limit.ts';
import { requireHandshake, seesAnswers, takeProtocolToken } from './socket-handshake.ts';
import { isUpgrade, takeOver } from './upgrades.ts';

const MEDIA_SIDES: ReadonlyMap<unknown, MediaSide> = new Map([
  [WATCH_MEDIA_PROTOCOL, 'watch'],
  [PUBLISH_MEDIA_PROTOCOL, 'publish'],
]);

export interface SocketDeps extends Records {
  readonly tokens: Tokens;
  readonly limits: RateLimits;
  readonly hostSockets: HostSockets;
  readonly viewerSockets: ViewerSockets;
  readonly mediaSockets: MediaSockets;
  readonly signalSockets: SignalSockets;
  readonly iceServers: IceDesk;
  readonly metrics: Metrics;
}

/** `/ws/host/:room/:source?`, `/ws/control/:room`, `/ws/media/:room/:source?` and `/ws/signal`: who may have a WebSocket (RFC 6455). */
export function socketRoutes(deps: SocketDeps): Router {
  const { tokens, limits, hostSockets, viewerSockets, mediaSockets, signalSockets } = deps;
  const router = Router({ caseSensitive: true, strict: true });
  router.all(
    ['/ws/host/:room', '/ws/host/:room/:source'],
    requireHandshake(HOST_PROTOCOL),
    limits.guard,
    async (req, res) => {
      const claim = await placeOf(req, tokens, 'host');
      hostSockets.requireFree(claim);
      hostSockets.serve(takeOver(req, res, 101), claim);
    },
  );
  router.all(
    '/ws/control/:room',
    requireHandshake(VIEWER_PROTOCOL),
    takeProtocolToken,
    limits.guard,
    async (req, res) => {
      const claim = await roomPlaceOf(req, tokens, 'watch');
      viewerSockets.requireRoom(claim);
      viewerSockets.serve(takeOver(req, res, 101), claim);
    },
  );
  router.all(
    ['/ws/media/:room', '/ws/media/:room/:source'],
    requireHandshake(WATCH_MEDIA_PROTOCOL, PUBLISH_MEDIA_PROTOCOL),
    (_req, res, next) => {
      countAttempt(deps.metrics, res, { kind: sideOf(res), transport: 'websocket' });
      next();
    },
    takeProtocolToken,
    limits.guard,
    async (req, res) => {
      const side = sideOf(res);
      const place = await placeOf(req, tokens, side);
      await limits.takeOffer(side, { subject: place.grant.subject, room: place.room }, req);
      const claim = { ...place, side, address: addressOf(req) } as const;
      mediaSockets.admit(claim);
      mediaSockets.serve(takeOver(req, res, 101), claim);
    },
  );
  router.all(
    '/ws/signal',
    requireHandshake(SIGNAL_PROTOCOL),
    takeProtocolToken,
    limits.guard,
    async (req, res) => {
      const claim = await signalClaim(req, res, deps);
      signalSockets.serve(takeOver(req, res, 101), claim);
    },
  );
  router.use(refuseInside(deps));
  return router;
}

/** A token may come with the request or later; one that is there must be good. @throws GatewayError */
async function signalClaim(req: Request, res: Response, deps: SocketDeps): Promise<SignalClaim> {
  const { tokens, limits, iceServers } = deps;
  const hasToken = req.headers.authorization !== undefined;
  const grant = hasToken ? await tokens.verify(bearerOf(req)) : null;
  if (grant !== null) {
    noteCaller(req, grant);
    iceServers.prepare(grant);
  }
  return {
    grant,
    judge: async (token) => {
      try {
        const late = await limits.judge(req, token, (given) => tokens.verify(given));
        noteCaller(req, late);
        return late;
      } catch (error) {
        const { code, message } = recordFailure(error, req, res, deps);
        return [closeCodeOf(statusOf(code)), message];
      }
    },
  };
}

const sideOf = (res: Response): MediaSide => MEDIA_SIDES.get(res.locals['subprotocol']) ?? 'watch';

/** Tells a page on the socket why it gets none: it cannot see how an upgrade was answered by HTTP. */
const refuseInside =
  (deps: SocketDeps) =>
  (error: unknown, req: Request, res: Response, next: NextFunction): void => {
    const refuse = isUpgrade(req) ? insideOf(deps, req, res) : undefined;
    if (refuse === undefined) {
      next(error);
      return;
    }
    const { code, message } = recordFailure(error, req, res, deps);
    const status = statusOf(code);
    refuse(takeOver(req, res, status), closeCodeOf(status), message);
  };

type Refuse = (upgrade: Upgrade, code: number, sentence: string) => void;

/** How the client is told inside; undefined for who sees the answer. */
function insideOf(deps: SocketDeps, req: Request, res: Response): Refuse | undefined {
  const { viewerSockets, mediaSockets, signalSockets } = deps;
  const subprotocol: unknown = res.locals['subprotocol'];
  if (subprotocol === VIEWER_PROTOCOL) return (...how) => viewerSockets.refuse(...how);
  if (seesAnswers(req)) return undefined;
  if (subprotocol === SIGNAL_PROTOCOL) return (...how) => signalSockets.refuse(...how);
  const side = MEDIA_SIDES.get(subprotocol);
  if (side === undefined) return undefined;
  return (upgrade, code, sentence) => mediaSockets.refuse(upgrade, side, code, sentence);
}

function closeCodeOf(status: number): number {
  if (status === 401) return CLOSE_CODES.unauthenticated;
  if (status === 403) return CLOSE_CODES.forbidden;
  if (status === 409) return CLOSE_CODES.replaced;
  if (status === 429) return CLOSE_CODES['rate-limited'];
  return status >= 500 ? CLOSE_CODES.unavailable : CLOSE_CODES['bad-request'];
}
