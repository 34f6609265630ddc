import { Router } from 'express';
import type { IceDesk } from '../ice/ice-desk.ts';
import { listIceSources, probeIceSources } from '../protocol/api/ice.ts';
import type { AdminAccess } from './admin-access.ts';
import { serve } from './api/serve-operation.ts';

export interface IceSourceDeps extends AdminAccess {
  readonly iceServers: IceDesk;
}

/** `/api/v1/ice-sources`, for administrators of the gateway: how the sources fare, and a try of all servers. */
export function iceSourceRoutes(deps: IceSourceDeps): Router {
  const { iceServers } = deps;
  const router = Router({ caseSensitive: true, strict: true });

  serve(router, deps, listIceSources, () => ({ items: iceServers.views() }));
  serve(router, deps, probeIceSources, async () => ({ items: await iceServers.probe() }));
  return router;
}
