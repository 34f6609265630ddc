import { Router } from 'express';
import type { IceDesk } from '../ice/ice-desk.ts';
import type { IceList } from '../ice/ice-source.ts';
import { listIceServers } from '../protocol/api/ice.ts';
import type { IceServerList } from '../protocol/ice.ts';
import type { AdminAccess } from './admin-access.ts';
import { serve } from './api/serve-operation.ts';

export interface IceServerDeps extends AdminAccess {
  readonly iceServers: IceDesk;
  readonly now: () => number;
}

/** `GET /api/v1/ice-servers`, for any valid token: what a browser needs before it makes an offer. */
export function iceServerRoutes(deps: IceServerDeps): Router {
  const { iceServers, now } = deps;
  const router = Router({ caseSensitive: true, strict: true });
  serve(router, deps, listIceServers, async ({ grant }) =>
    toReply(await iceServers.collect(grant), now()),
  );
  return router;
}

function toReply({ servers, expiresAt }: IceList, now: number): IceServerList {
  const iceServers = [...servers];
  if (!Number.isFinite(expiresAt)) return { iceServers };
  return { iceServers, ttlSeconds: Math.max(0, Math.floor((expiresAt - now) / 1000)) };
}
