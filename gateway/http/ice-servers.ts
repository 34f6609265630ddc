import { Router } from 'express';
import type { Tokens } from '../auth/tokens.ts';
import type { IceDesk } from '../ice/ice-desk.ts';
import type { IceList } from '../ice/ice-source.ts';
import type { IceServerList } from '../protocol/ice.ts';
import { bearerOf } from './bearer.ts';

export interface IceServerDeps {
  readonly tokens: Tokens;
  readonly iceServers: IceDesk;
  readonly now: () => number;
}

/** `GET /api/v1/ice-servers`, for any valid token: what a browser needs before it makes an offer. */
export function iceServerRoutes({ tokens, iceServers, now }: IceServerDeps): Router {
  const router = Router({ caseSensitive: true, strict: true });
  router.get('/api/v1/ice-servers', async (req, res) => {
    const grant = await tokens.verify(bearerOf(req));
    const list = await iceServers.collect(grant);
    res.set('Cache-Control', 'no-store').json(toReply(list, now()));
  });
  return router;
}

function toReply({ servers, expiresAt }: IceList, now: number): IceServerList {
  const iceServers = [...servers];
  if (!Number.isFinite(expiresAt)) return { iceServers };
  return { iceServers, ttlSeconds: Math.max(0, Math.floor((expiresAt - now) / 1000)) };
}
