import { Router } from 'express';
import type { SettingInForce } from '../../config/in-force.ts';
import { listSettings } from '../../protocol/api/settings.ts';
import type { AdminAccess } from '../admin-access.ts';
import { serve } from './serve-operation.ts';

export interface SettingRouteDeps extends AdminAccess {
  readonly settings: readonly SettingInForce[];
}

/** `/api/v1/settings`: for administrators of the gateway. */
export function settingRoutes(deps: SettingRouteDeps): Router {
  const router = Router({ caseSensitive: true, strict: true });
  serve(router, deps, listSettings, () => ({ items: [...deps.settings] }));
  return router;
}
