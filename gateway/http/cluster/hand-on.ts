import type { NextFunction, Request, RequestHandler, Response } from 'express';
import type { Home, HomeKeeper, PeerGateway } from '../../cluster/homes.ts';
import type { PeerPasses } from '../../cluster/peer-pass.ts';
import { roomMoves } from '../../cluster/refusals.ts';
import { RoomId } from '../../protocol/ids.ts';
import { isEmpty, readBytes } from '../body.ts';
import type { Forwarder } from './forward.ts';
import { isHandedOn } from './peer-entry.ts';
import { roomOfPath, type NameReader } from './request-room.ts';

/** What a gateway needs that is one of several. */
export interface ClusterEdge {
  readonly own: PeerGateway;
  readonly homes: HomeKeeper;
  readonly forwarder: Forwarder;
  readonly names: NameReader;
  readonly passes: PeerPasses;
  /** Whether this gateway can reach Redis. */
  readonly hearsRedis: () => boolean;
}

/**
 * Hands requests on that are about a room at home elsewhere. A room that is nobody's is claimed
 * only when a right to it was shown: here at once, or later by `claimHome`.
 */
export function handOn(
  edge: ClusterEdge | undefined,
  showsRight: (req: Request) => Promise<boolean>,
): RequestHandler {
  if (edge === undefined) return (_req, _res, next) => next();
  const { homes, forwarder, names } = edge;
  return async (req: Request, res: Response, next: NextFunction) => {
    const room = req.method === 'OPTIONS' ? undefined : roomOfPath(req.path, names);
    if (room === undefined || homes.isHere(room)) {
      next();
      return;
    }
    const home = await ((await showsRight(req)) ? homes.homeOf(room) : homes.find(room));
    if (home === undefined) {
      res.locals['claimHome'] = () => homes.homeOf(room);
      next();
    } else if (home.here) next();
    else await forward(forwarder, { req, res, next }, home);
  };
}

/** Sends the request to its home, once. @throws GatewayError */
export async function forward(
  forwarder: Forwarder,
  { req, res, next }: { req: Request; res: Response; next: NextFunction },
  { gateway }: Extract<Home, { here: false }>,
): Promise<void> {
  if (isHandedOn(req)) throw roomMoves();
  if (isEmpty(req)) {
    await forwarder.send(req, res, gateway, Buffer.alloc(0));
    return;
  }
  readBytes(req, res, (error?: unknown) => {
    if (error !== undefined) {
      next(error);
      return;
    }
    const body: unknown = req.body;
    forwarder.send(req, res, gateway, Buffer.isBuffer(body) ? body : Buffer.alloc(0)).catch(next);
  });
}

/**
 * Gives a room that is nobody's a home here, now that somebody may act in it. @throws GatewayError
 * when another gateway was quicker
 */
export async function claimHome(req: Request): Promise<void> {
  const claim = req.res?.locals['claimHome'] as (() => Promise<Home>) | undefined;
  if (claim === undefined) return;
  if (!(await claim()).here) throw roomMoves();
}

/** The same for hooks, whose body was read and says the room; a hook alone gives no room a home. */
export const handHookOn =
  (edge: ClusterEdge | undefined, roomOf: (req: Request) => string): RequestHandler =>
  async (req, res, next) => {
    const room = edge === undefined ? undefined : RoomId.safeParse(roomOf(req)).data;
    if (edge === undefined || room === undefined || edge.homes.isHere(room)) {
      next();
      return;
    }
    const home = await edge.homes.find(room);
    if (home?.here !== false) {
      next();
      return;
    }
    if (isHandedOn(req)) throw roomMoves();
    await edge.forwarder.send(req, res, home.gateway, Buffer.from(JSON.stringify(req.body)));
  };
