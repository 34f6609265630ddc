import {
  Router,
  type NextFunction,
  type Request,
  type RequestHandler,
  type Response,
} from 'express';
import type { AuditLog } from '../audit/audit-log.ts';
import { mayDo } from '../auth/grant.ts';
import { GatewayError } from '../errors.ts';
import { ControlPolicyChange } from '../protocol/control.ts';
import { ControlAction } from '../protocol/control-record.ts';
import { SourceId } from '../protocol/ids.ts';
import type { ControlAdministration } from '../rooms/control/administration.ts';
import type { SourcePlace } from '../rooms/hosts/source-place.ts';
import type { AdminAccess } from './admin-access.ts';
import { actOf } from './audit-entry.ts';
import { roomGrant } from './authenticate.ts';
import { readJson } from './body.ts';
import { callerOf } from './caller.ts';
import { parseBody } from './json-body.ts';

export interface ControlRouteDeps extends AdminAccess {
  readonly control: ControlAdministration;
  readonly audit: AuditLog;
}

/** `/api/v1/rooms/:room/hosts/:source/control`: who controls a host, for admins of the room. */
export function controlRoutes(deps: ControlRouteDeps): Router {
  const { control, audit } = deps;
  const router = Router({ caseSensitive: true, strict: true });
  const path = '/api/v1/rooms/:room/hosts/:source/control';
  const place = placeOf(deps);

  router.get(path, place, (_req, res) => {
    res.json(control.view(placeIn(res)));
  });
  router.patch(path, place, readJson, (req, res) => {
    const change = parseBody(ControlPolicyChange, req);
    if (Object.keys(change).length === 0) {
      throw new GatewayError('bad-request', 'Name what to change, such as "mode".');
    }
    control.setPolicy(placeIn(res), change, subjectOf(req));
    note(req, res, { policy: JSON.stringify(change) });
    res.json(control.view(placeIn(res)));
  });
  router.post(path, place, readJson, (req, res) => {
    const action = parseBody(ControlAction, req);
    control.act(placeIn(res), action, subjectOf(req));
    note(req, res, { ...action });
    res.json(control.view(placeIn(res)));
  });

  function note(req: Request, res: Response, what: Readonly<Record<string, string>>): void {
    const { room, source } = placeIn(res);
    audit.acted(actOf(req, res, { act: 'control-changed', target: { room, source, ...what } }));
  }
  return router;
}

/** Where the request means, by somebody who may decide there, before its body is read. */
const placeOf =
  (access: AdminAccess): RequestHandler =>
  async (req: Request, res: Response, next: NextFunction) => {
    const { room, grant } = await roomGrant(req, access);
    if (!mayDo(grant, 'admin', room)) {
      throw new GatewayError('scope-insufficient', 'This needs a token with "admin" here.', {
        scope: 'admin',
      });
    }
    const source = SourceId.safeParse(req.params['source']);
    if (!source.success) throw new GatewayError('not-found', 'There is no such source.');
    res.locals['place'] = { room, source: source.data } satisfies SourcePlace;
    next();
  };

const placeIn = (res: Response): SourcePlace => res.locals['place'] as SourcePlace;
const subjectOf = (req: Request): string => callerOf(req)?.subject ?? '';
