import { Router } from 'express';
import type { Tokens } from '../auth/tokens.ts';
import type { IceServerSource } from '../ice/ice-server-source.ts';
import type { IceServerList } from '../protocol/ice.ts';
import { bearerOf } from './bearer.ts';

export interface IceServerDeps {
  readonly tokens: Tokens;
  readonly iceServers: IceServerSource;
}

/** `GET /api/v1/ice-servers`, for any valid token: what a browser needs before it makes an offer. */
export function iceServerRoutes({ tokens, iceServers }: IceServerDeps): Router {
  const router = Router({ caseSensitive: true, strict: true });
  router.get('/api/v1/ice-servers', async (req, res) => {
    await tokens.verify(bearerOf(req));
    const list = { iceServers: [...iceServers.current()] } satisfies IceServerList;
    res.set('Cache-Control', 'no-store').json(list);
  });
  return router;
}
