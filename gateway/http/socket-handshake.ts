import type { NextFunction, Request, Response } from 'express';
import { GatewayError } from '../errors.ts';
import { TOKEN_PROTOCOL_PREFIX } from '../protocol/viewer-protocol.ts';
import { isUpgrade } from './upgrades.ts';

/** 16 bytes in base64. */
const KEY = /^[+/0-9A-Za-z]{22}==$/;
/** RFC 9110 §5.6.2. */
const TOKEN = /^[!#$%&'*+.^`|~\w-]+$/;

/**
 * RFC 6455 §4.2.1; the library looks again, and would answer in other words. What passes has
 * `res.locals.subprotocol`. @throws GatewayError
 */
export const requireHandshake =
  (...subprotocols: readonly string[]) =>
  (req: Request, res: Response, next: NextFunction): void => {
    const { headers } = req;
    if (!isUpgrade(req) || headers['sec-websocket-version'] !== '13') {
      res.set('Upgrade', 'websocket').set('Sec-WebSocket-Version', '13');
      throw new GatewayError('upgrade-required', 'This address speaks WebSocket, version 13.');
    }
    if (!KEY.test(headers['sec-websocket-key'] ?? '')) {
      throw new GatewayError('bad-request', 'Sec-WebSocket-Key is missing or malformed.');
    }
    const subprotocol = protocolsOf(req).find((name) => subprotocols.includes(name));
    if (subprotocol === undefined) {
      const names = subprotocols.map((name) => `"${name}"`).join(' or ');
      throw new GatewayError('bad-request', `Offer the subprotocol ${names}.`);
    }
    res.locals['subprotocol'] = subprotocol;
    next();
  };

/** Whether a token came by a header, which pages cannot send: such a client sees how it is answered. */
export const seesAnswers = (req: Request): boolean =>
  req.headers.authorization !== undefined && tokensOf(req).length === 0;

/** A token among the subprotocols stands for the header that browsers cannot send. @throws GatewayError */
export function takeProtocolToken(req: Request, _res: Response, next: NextFunction): void {
  const given = tokensOf(req);
  const [first] = given;
  if (first !== undefined) {
    if (given.length > 1 || req.headers.authorization !== undefined) {
      throw new GatewayError('authorization-malformed', 'Send one token, in one place.');
    }
    const authorization = `Bearer ${first.slice(TOKEN_PROTOCOL_PREFIX.length)}`;
    req.headers.authorization = authorization;
    req.headersDistinct['authorization'] = [authorization];
  }
  next();
}

const tokensOf = (req: Request): readonly string[] =>
  protocolsOf(req).filter((name) => name.startsWith(TOKEN_PROTOCOL_PREFIX));

/** The subprotocols that a client offers. @throws GatewayError when the header is none */
function protocolsOf(req: Request): readonly string[] {
  const header = req.headers['sec-websocket-protocol'];
  const names = header === undefined ? [] : header.split(',').map((name) => name.trim());
  if (names.every((name) => TOKEN.test(name)) && new Set(names).size === names.length) return names;
  throw new GatewayError('bad-request', 'Sec-WebSocket-Protocol is malformed.');
}
