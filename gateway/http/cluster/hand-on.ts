import { setTimeout as pause } from 'node:timers/promises';
import type { NextFunction, Request, RequestHandler, Response } from 'express';
import type { Home, HomeKeeper, PeerGateway } from '../../cluster/homes.ts';
import type { PeerPasses } from '../../cluster/peer-pass.ts';
import { RoomMoves, roomMoves } from '../../cluster/refusals.ts';
import { RoomId } from '../../protocol/ids.ts';
import type { SessionKind } from '../../protocol/session-kind.ts';
import { bytesOf, isEmpty, typeOf } from '../body.ts';
import { readAhead, SDP } from '../offers.ts';
import type { Forwarder } from './forward.ts';
import { isHandedOn, noteMove } from './peer-entry.ts';
import { roomOfPath, type NameReader } from './request-room.ts';

/** How long a request follows a room that moves. */
const FOLLOW_MS = 2_500;
const LOOK_MS = 50;

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
  shownRight: (req: Request) => Promise<SessionKind | undefined>,
): RequestHandler {
  if (edge === undefined) return (_req, _res, next) => next();
  const { homes, names } = edge;
  return async (req: Request, res: Response, next: NextFunction) => {
    const room = req.method === 'OPTIONS' ? undefined : roomOfPath(req.path, names);
    if (room === undefined || homes.isHere(room)) {
      next();
      return;
    }
    const right = await shownRight(req);
    const home =
      right === undefined ? await homes.find(room) : await claim(homes, room, { req, res, right });
    if (home === undefined) {
      res.locals['claimHome'] = () => homes.homeOf(room);
      next();
    } else if (home.here) next();
    else await follow(edge, { req, res, next }, { room, home });
  };
}

/** Claims a room for an offer, which is read meanwhile. @throws GatewayError */
async function claim(
  homes: HomeKeeper,
  room: RoomId,
  { req, res, right }: { req: Request; res: Response; right: SessionKind },
): Promise<Home> {
  const [home] = await Promise.all([homes.homeOf(room), readAhead(req, res, right)]);
  return home;
}

/**
 * Sends the request to its home, and after it where the room goes: a home that stops says so of what it
 * has not done. @throws GatewayError
 */
async function follow(
  { homes, forwarder }: ClusterEdge,
  { req, res, next }: { req: Request; res: Response; next: NextFunction },
  { room, home: first }: { readonly room: RoomId; readonly home: Home },
): Promise<void> {
  const until = performance.now() + FOLLOW_MS;
  let home: Home | undefined = first;
  while (home?.here === false) {
    try {
      await forward(forwarder, { req, res }, home);
      return;
    } catch (error) {
      if (!(error instanceof RoomMoves) || performance.now() >= until) throw error;
    }
    await pause(LOOK_MS);
    home = await homes.find(room);
  }
  // Its body was read as bytes, which is what offers want.
  if (!isEmpty(req) && typeOf(req) !== SDP) throw roomMoves();
  next();
}

/** Sends the request to another gateway, once. @throws GatewayError */
export async function forward(
  forwarder: Forwarder,
  { req, res }: { readonly req: Request; readonly res: Response },
  { gateway }: Extract<Home, { here: false }>,
): Promise<void> {
  refuseHandedOn(req, res);
  await forwarder.send(req, res, gateway, await bytesOf(req, res));
}

/** What was handed on goes no further. @throws GatewayError */
function refuseHandedOn(req: Request, res: Response): void {
  noteMove(req, res);
  if (isHandedOn(req)) throw roomMoves();
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
    refuseHandedOn(req, res);
    await edge.forwarder.send(req, res, home.gateway, Buffer.from(JSON.stringify(req.body)));
  };
