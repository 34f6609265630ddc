import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { NextFunction, Request, Response } from 'express';
import { GatewayError } from '../errors.ts';

const NO_TUNNEL = 'HTTP/1.1 501 Not Implemented\r\nConnection: close\r\nContent-Length: 0\r\n\r\n';

/**
 * Refuses a WebSocket where none is served and closes its connection. Offers of other protocols
 * (curl's `Upgrade: h2c`) are ignored, as RFC 9110 §7.8 lets a server do. @throws GatewayError
 */
export function refuseWebSocket(req: Request, res: Response, next: NextFunction): void {
  const wanted = (req.headers.upgrade ?? '').split(',').map((name) => name.trim().toLowerCase());
  if (wanted.includes('websocket')) {
    res.set('Connection', 'close');
    throw new GatewayError('not-found', 'There is no WebSocket at this address.');
  }
  next();
}

/** Answers CONNECT, which node's server leaves without a word; nothing is tunnelled here. */
export function refuseTunnel(_req: IncomingMessage, socket: Duplex): void {
  socket.on('error', () => socket.destroy());
  socket.end(NO_TUNNEL, () => socket.destroy());
}
