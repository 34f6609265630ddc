import { ServerResponse, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import type { Duplex } from 'node:stream';
import type { NextFunction, Request, Response } from 'express';
import { GatewayError } from '../errors.ts';
import type { Upgrade } from '../ws/upgrade.ts';

const NO_TUNNEL = 'HTTP/1.1 501 Not Implemented\r\nConnection: close\r\nContent-Length: 0\r\n\r\n';

/** What came behind the request, and what ends its connection after an answer. */
const pending = new WeakMap<IncomingMessage, { head: Buffer; hangUp: () => void }>();

/** Whether a request may become a WebSocket; all others are served as if it asked for none. */
export const mayUpgrade = (req: IncomingMessage): boolean =>
  req.method === 'GET' && wantsWebSocket(req) && (req.url ?? '').startsWith('/ws/');

/** Lets requests for a WebSocket take the way of all others: `handle` answers them or takes them over. */
export function serveUpgrades(server: Server, handle: RequestListener): void {
  server.on('upgrade', (req: IncomingMessage, _stream: Duplex, head: Buffer) => {
    const { socket } = req;
    socket.on('error', () => socket.destroy());
    const res = new ServerResponse(req);
    res.shouldKeepAlive = false;
    try {
      res.assignSocket(socket);
    } catch {
      // An answer to an earlier request on this connection is still to come.
      socket.destroy();
      return;
    }
    const hangUp = (): void => socket.destroySoon();
    res.on('finish', hangUp);
    pending.set(req, { head, hangUp });
    handle(req, res);
  });
}

/** Whether this request can still be answered by a WebSocket. */
export const isUpgrade = (req: IncomingMessage): boolean => pending.has(req) && req.socket.writable;

/**
 * Takes the connection from HTTP. `status` is what the request would have been answered with, 101
 * when it was granted: limits and metrics count it so. @throws GatewayError when it has gone
 */
export function takeOver(req: Request, res: Response, status: number): Upgrade {
  const known = pending.get(req);
  const { socket } = res;
  if (known === undefined || socket === null || !socket.writable) {
    throw new GatewayError('bad-request', 'The connection is closed.');
  }
  pending.delete(req);
  res.off('finish', known.hangUp);
  res.detachSocket(socket);
  res.statusCode = status;
  res.emit('finish');
  res.emit('close');
  return { req, socket, head: known.head };
}

/**
 * Refuses a WebSocket where none is served and closes its connection. Offers of other protocols
 * (curl's `Upgrade: h2c`) are ignored, as RFC 9110 §7.8 lets a server do. @throws GatewayError
 */
export function refuseWebSocket(req: Request, res: Response, next: NextFunction): void {
  if (wantsWebSocket(req) && !pending.has(req)) {
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

const wantsWebSocket = ({ headers }: IncomingMessage): boolean =>
  (headers.upgrade ?? '')
    .split(',')
    .map((name) => name.trim().toLowerCase())
    .includes('websocket');
