import { Router, type Request, type Response } from 'express';
import type { AuditLog } from '../audit/audit-log.ts';
import { GatewayError } from '../errors.ts';
import { actOnControl, changeControlPolicy, getControl } from '../protocol/api/control.ts';
import type { ControlAdministration } from '../rooms/control/administration.ts';
import type { SourcePlace } from '../rooms/hosts/source-place.ts';
import type { AdminAccess } from './admin-access.ts';
import { serve } from './api/serve-operation.ts';
import { actOf } from './audit-entry.ts';

export interface ControlRouteDeps extends AdminAccess {
  readonly control: ControlAdministration;
  readonly audit: AuditLog;
}

/** `/api/v1/rooms/:room/hosts/:source/control`: who controls a host, for operators of the room. */
export function controlRoutes(deps: ControlRouteDeps): Router {
  const { control, audit } = deps;
  const router = Router({ caseSensitive: true, strict: true });

  serve(router, deps, getControl, ({ params }) => control.view(params));
  serve(router, deps, changeControlPolicy, ({ grant, params, body: change, req, res }) => {
    if (Object.keys(change).length === 0) {
      throw new GatewayError('bad-request', 'Name what to change, such as "mode".');
    }
    control.setPolicy(params, change, grant.subject);
    note(req, res, params, { policy: JSON.stringify(change) });
    return control.view(params);
  });
  serve(router, deps, actOnControl, ({ grant, params, body: action, req, res }) => {
    control.act(params, action, grant.subject);
    note(req, res, params, { ...action });
    return control.view(params);
  });

  function note(
    req: Request,
    res: Response,
    place: SourcePlace,
    what: Readonly<Record<string, string>>,
  ): void {
    const target = { ...place, ...what };
    audit.acted(actOf(req, res, { act: 'control-changed', target }));
  }
  return router;
}
