import { Router, type NextFunction, type Request, type Response } from 'express';
import type { Tokens } from '../auth/tokens.ts';
import { CLOSE_CODES } from '../protocol/close-codes.ts';
import { HOST_PROTOCOL } from '../protocol/host.ts';
import { VIEWER_PROTOCOL } from '../protocol/viewer-protocol.ts';
import type { HostSockets } from '../ws/host-sockets.ts';
import type { ViewerSockets } from '../ws/viewer-sockets.ts';
import { placeOf, roomPlaceOf } from './authenticate.ts';
import { recordFailure, statusOf, type Records } from './problem.ts';
import type { RateLimits } from './rate-limit.ts';
import { requireHandshake, takeProtocolToken } from './socket-handshake.ts';
import { isUpgrade, takeOver } from './upgrades.ts';

export interface SocketDeps extends Records {
  readonly tokens: Tokens;
  readonly limits: RateLimits;
  readonly hostSockets: HostSockets;
  readonly viewerSockets: ViewerSockets;
}

/** `/ws/host/:room/:source?` and `/ws/control/:room`: who may have a WebSocket (RFC 6455). */
export function socketRoutes(deps: SocketDeps): Router {
  const { tokens, limits, hostSockets, viewerSockets } = deps;
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
  router.use(refuseInside(deps));
  return router;
}

/** Tells a page on the socket why it gets none: it cannot see how an upgrade was answered by HTTP. */
const refuseInside =
  ({ viewerSockets, ...records }: SocketDeps) =>
  (error: unknown, req: Request, res: Response, next: NextFunction): void => {
    if (res.locals['subprotocol'] !== VIEWER_PROTOCOL || !isUpgrade(req)) {
      next(error);
      return;
    }
    const { code, message } = recordFailure(error, req, res, records);
    const status = statusOf(code);
    viewerSockets.refuse(takeOver(req, res, status), closeCodeOf(status), message);
  };

function closeCodeOf(status: number): number {
  if (status === 401) return CLOSE_CODES.unauthenticated;
  if (status === 403) return CLOSE_CODES.forbidden;
  if (status === 429) return CLOSE_CODES['rate-limited'];
  return status >= 500 ? CLOSE_CODES.unavailable : CLOSE_CODES['bad-request'];
}
