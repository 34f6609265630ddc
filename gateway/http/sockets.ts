import { Router, type NextFunction, type Request, type Response } from 'express';
import type { Tokens } from '../auth/tokens.ts';
import { GatewayError } from '../errors.ts';
import { HOST_PROTOCOL } from '../protocol/host.ts';
import type { HostSockets } from '../ws/host-sockets.ts';
import { placeOf } from './authenticate.ts';
import type { RateLimits } from './rate-limit.ts';
import { isUpgrade, takeOver } from './upgrades.ts';

export interface SocketDeps {
  readonly tokens: Tokens;
  readonly limits: RateLimits;
  readonly hostSockets: HostSockets;
}

/** `/ws/host/:room/:source?` and `/ws/control/:room`: who may have a WebSocket (RFC 6455). */
export function socketRoutes({ tokens, limits, hostSockets }: SocketDeps): Router {
  const router = Router({ caseSensitive: true, strict: true });
  router.all(
    ['/ws/host/:room', '/ws/host/:room/:source'],
    limits.guard,
    requireHandshake(HOST_PROTOCOL),
    async (req, res) => {
      const claim = await placeOf(req, tokens, 'host');
      hostSockets.requireFree(claim);
      hostSockets.serve(takeOver(req, res, 101), claim);
    },
  );
  return router;
}

/** RFC 6455 §4.2.1; the library looks again, and would answer in other words. @throws GatewayError */
const requireHandshake =
  (subprotocol: string) =>
  (req: Request, res: Response, next: NextFunction): void => {
    const { headers } = req;
    if (!isUpgrade(req) || headers['sec-websocket-version'] !== '13') {
      res.set('Upgrade', 'websocket').set('Sec-WebSocket-Version', '13');
      throw new GatewayError('upgrade-required', 'This address speaks WebSocket, version 13.');
    }
    if (!KEY.test(headers['sec-websocket-key'] ?? '')) {
      throw new GatewayError('bad-request', 'Sec-WebSocket-Key is missing or malformed.');
    }
    if (!protocolsOf(req).includes(subprotocol)) {
      throw new GatewayError('bad-request', `Offer the subprotocol "${subprotocol}".`);
    }
    next();
  };

/** 16 bytes in base64. */
const KEY = /^[+/0-9A-Za-z]{22}==$/;
/** RFC 9110 §5.6.2. */
const TOKEN = /^[!#$%&'*+.^`|~\w-]+$/;

/** The subprotocols that a client offers. @throws GatewayError when the header is none */
function protocolsOf(req: Request): readonly string[] {
  const header = req.headers['sec-websocket-protocol'];
  const names = header === undefined ? [] : header.split(',').map((name) => name.trim());
  if (names.every((name) => TOKEN.test(name)) && new Set(names).size === names.length) return names;
  throw new GatewayError('bad-request', 'Sec-WebSocket-Protocol is malformed.');
}
