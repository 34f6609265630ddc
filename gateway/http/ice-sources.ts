import { Router } from 'express';
import type { IceDesk } from '../ice/ice-desk.ts';
import type { AdminAccess } from './admin-access.ts';
import { globalAdminGrant } from './authenticate.ts';

export interface IceSourceDeps extends AdminAccess {
  readonly iceServers: IceDesk;
}

/** `/api/v1/ice-sources`, for administrators of the gateway: how the sources fare, and a try of all servers. */
export function iceSourceRoutes(deps: IceSourceDeps): Router {
  const { iceServers } = deps;
  const router = Router({ caseSensitive: true, strict: true });
  const path = '/api/v1/ice-sources';

  router.get(path, async (req, res) => {
    await globalAdminGrant(req, deps);
    res.set('Cache-Control', 'no-store').json({ items: iceServers.views() });
  });
  router.post(`${path}/probe`, async (req, res) => {
    await globalAdminGrant(req, deps);
    res.set('Cache-Control', 'no-store').json({ items: await iceServers.probe() });
  });
  return router;
}
