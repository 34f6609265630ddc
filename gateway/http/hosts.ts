import { Router, type Request } from 'express';
import { mayDo, type Grant } from '../auth/grant.ts';
import { GatewayError } from '../errors.ts';
import { Tuning } from '../protocol/host.ts';
import { SourceId } from '../protocol/ids.ts';
import type { HostDesk } from '../rooms/hosts/host-desk.ts';
import type { SourcePlace } from '../rooms/hosts/source-place.ts';
import type { AuditLog } from '../audit/audit-log.ts';
import type { AdminAccess } from './admin-access.ts';
import { actOf } from './audit-entry.ts';
import { roomGrant } from './authenticate.ts';
import { readJson } from './body.ts';
import { parseBody } from './json-body.ts';

export interface HostRouteDeps extends AdminAccess {
  readonly hostDesk: HostDesk;
  readonly audit: AuditLog;
}

/** `/api/v1/rooms/:room/hosts`: what machines share, for admins and whoever has `host` there. */
export function hostRoutes(deps: HostRouteDeps): Router {
  const { hostDesk, audit } = deps;
  const router = Router({ caseSensitive: true, strict: true });
  const path = '/api/v1/rooms/:room/hosts/:source';

  router.get('/api/v1/rooms/:room/hosts', async (req, res) => {
    const { room, grant } = await roomGrant(req, deps);
    if (!mayDo(grant, 'host', room)) throw noRight();
    res.json({
      items: hostDesk.views(room).filter(({ source }) => mayDo(grant, 'host', room, source)),
    });
  });
  router.get(path, async (req, res) => {
    res.json(hostDesk.view(await hostPlace(req, deps)));
  });
  router.patch(
    path,
    async (req, res, next) => {
      res.locals['place'] = await hostPlace(req, deps);
      next();
    },
    readJson,
    async (req, res) => {
      const place = res.locals['place'] as SourcePlace;
      const tuning = parseBody(Tuning, req);
      if (Object.keys(tuning).length === 0) {
        throw new GatewayError('bad-request', 'Name what to fix: bitrateKbps, fps, size, content.');
      }
      await hostDesk.tune(place, tuning);
      const { room, source } = place;
      const target = { room, source, tuning: JSON.stringify(tuning) };
      audit.acted(actOf(req, res, { act: 'host-tuned', target }));
      res.json(hostDesk.view(place));
    },
  );
  return router;
}

/** @throws GatewayError */
async function hostPlace(req: Request, access: AdminAccess): Promise<SourcePlace> {
  const { room, grant } = await roomGrant(req, access);
  const source = SourceId.safeParse(req.params['source']);
  if (!source.success) throw new GatewayError('not-found', 'There is no such source.');
  requireHost(grant, { room, source: source.data });
  return { room, source: source.data };
}

function requireHost(grant: Grant, { room, source }: SourcePlace): void {
  if (!mayDo(grant, 'host', room, source)) throw noRight();
}

const noRight = (): GatewayError =>
  new GatewayError('scope-insufficient', 'This needs a token with "host" or "admin" here.', {
    scope: 'host',
  });
