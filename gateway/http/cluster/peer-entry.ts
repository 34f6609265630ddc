import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import type { NextFunction, Request, Response } from 'express';
import {
  PEER_HEADER,
  type Entry,
  type PassedRequest,
  type PeerPasses,
} from '../../cluster/peer-pass.ts';
import { GatewayError } from '../../errors.ts';

const handedOn = new WeakSet<IncomingMessage>();

/** Whether another gateway of the cluster handed the request on. */
export const isHandedOn = (req: IncomingMessage): boolean => handedOn.has(req);

/** Of a refusal to another gateway: nothing was done, and the room goes on elsewhere. */
export const MOVES_HEADER = 'x-pixelcast-moves';

/** Tells a gateway that handed the request on to look where the room is now. */
export function noteMove(req: IncomingMessage, res: Response): void {
  if (isHandedOn(req)) res.set(MOVES_HEADER, '1');
}

/** The request that a pass is made for. */
export const passedRequest = (req: Request): PassedRequest => ({
  method: req.method,
  url: req.originalUrl,
  host: req.headers.host ?? '',
});

/**
 * Lets a request of another gateway look as it did there: addresses, `X-Forwarded-*` and HTTPS are
 * judged as if the client had come here. Without a cluster the header is dropped; with one, whoever
 * else sends it is refused. @throws GatewayError
 */
export const acceptPeers =
  (passes: PeerPasses | undefined) =>
  (req: Request, _res: Response, next: NextFunction): void => {
    const given = req.headersDistinct[PEER_HEADER];
    if (given === undefined) {
      next();
      return;
    }
    Reflect.deleteProperty(req.headers, PEER_HEADER);
    if (passes !== undefined) {
      const [header = '', ...more] = given;
      const entry = more.length > 0 ? undefined : passes.read(header, passedRequest(req));
      if (entry === undefined) {
        throw new GatewayError(
          'scope-insufficient',
          'Only gateways of this cluster hand requests on. Do their clocks and secrets agree?',
        );
      }
      handedOn.add(req);
      Object.defineProperty(req, 'socket', { value: seenFrom(req.socket, entry) });
    }
    next();
  };

/** The socket, with the client's address for its own. */
function seenFrom(socket: Socket, { address, encrypted }: Entry): Socket {
  const told: Readonly<Record<PropertyKey, unknown>> = { remoteAddress: address, encrypted };
  return new Proxy(socket, {
    get: (target, name) => {
      if (Object.hasOwn(told, name)) return told[name];
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === 'function' ? (value.bind(target) as unknown) : value;
    },
    set: (target, name, value) => Reflect.set(target, name, value, target),
  });
}
