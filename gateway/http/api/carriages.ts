import { Router } from 'express';
import { listCarriages, type CarriageView } from '../../protocol/api/carriages.ts';
import type { Carriage } from '../../rooms/fleet/carriage.ts';
import type { Carriages } from '../../rooms/fleet/carriages.ts';
import type { Registry } from '../../rooms/registry.ts';
import type { Sessions } from '../../rooms/sessions.ts';
import type { AdminAccess } from '../admin-access.ts';
import { serve } from './serve-operation.ts';

export interface CarriageRouteDeps extends AdminAccess {
  readonly sessions: Sessions;
  readonly carriages: Pick<Carriages, 'list'>;
}

/** `/api/v1/carriages`: for administrators of the gateway. */
export function carriageRoutes(deps: CarriageRouteDeps): Router {
  const router = Router({ caseSensitive: true, strict: true });
  serve(router, deps, listCarriages, () => ({
    items: deps.carriages.list().map((each) => viewOf(each, deps.sessions.registry)),
  }));
  return router;
}

function viewOf(carriage: Carriage, registry: Registry): CarriageView {
  const { room, source, origin, target, isReady: ready, startedAt } = carriage;
  const viewers = [...(registry.room(room)?.viewerSessions(source) ?? [])];
  const { packets, bytes, resent, keyframes } = carriage.counts;
  return {
    ...{ room, source, from: origin.name, to: target.name, ready, startedAt },
    viewers: viewers.filter(({ node }) => node === target).length,
    ...{ packets, bytes, resent, keyframes },
  };
}
