import { Router } from 'express';
import { mayDo, mayOperate, type Grant } from '../auth/grant.ts';
import { GatewayError } from '../errors.ts';
import { getHost, listHosts, tuneHost } from '../protocol/api/hosts.ts';
import type { HostDesk } from '../rooms/hosts/host-desk.ts';
import type { SourcePlace } from '../rooms/hosts/source-place.ts';
import type { AuditLog } from '../audit/audit-log.ts';
import type { AdminAccess } from './admin-access.ts';
import { serve } from './api/serve-operation.ts';
import { actOf } from './audit-entry.ts';

export interface HostRouteDeps extends AdminAccess {
  readonly hostDesk: HostDesk;
  readonly audit: AuditLog;
}

/** `/api/v1/rooms/:room/hosts`: what machines share, for operators and whoever has `host` there. */
export function hostRoutes(deps: HostRouteDeps): Router {
  const { hostDesk, audit } = deps;
  const router = Router({ caseSensitive: true, strict: true });

  serve(router, deps, listHosts, ({ grant, params: { room } }) => ({
    items: hostDesk.views(room).filter(({ source }) => maySteer(grant, { room, source })),
  }));
  serve(router, deps, getHost, ({ params }) => hostDesk.view(params));
  serve(router, deps, tuneHost, async ({ params: place, body: tuning, req, res }) => {
    if (Object.keys(tuning).length === 0) {
      throw new GatewayError('bad-request', 'Name what to fix: bitrateKbps, fps, size, content.');
    }
    await hostDesk.tune(place, tuning);
    const target = { ...place, tuning: JSON.stringify(tuning) };
    audit.acted(actOf(req, res, { act: 'host-tuned', target }));
    return hostDesk.view(place);
  });
  return router;
}

const maySteer = (grant: Grant, { room, source }: SourcePlace): boolean =>
  mayDo(grant, 'host', room, source) || mayOperate(grant, room);
