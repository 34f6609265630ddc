import { Router, type Response } from 'express';
import type { AdminAct, AuditLog } from '../../audit/audit-log.ts';
import type { ContainerAct, ContainerDesk } from '../../docker/container-desk.ts';
import { GatewayError } from '../../errors.ts';
import {
  followContainerLog,
  getContainer,
  getContainerLog,
  listContainers,
  repairContainers,
  restartContainer,
  scaleContainers,
  startContainer,
  stopContainer,
  upgradeContainer,
} from '../../protocol/api/containers.ts';
import type { AdminAccess } from '../admin-access.ts';
import { actOf } from '../audit-entry.ts';
import { sendLines } from '../log-stream.ts';
import { serve } from './serve-operation.ts';

export interface ContainerRouteDeps extends AdminAccess {
  /** Undefined: Docker is off. */
  readonly containerDesk: ContainerDesk | undefined;
  readonly audit: AuditLog;
  readonly now: () => number;
}

/** `/api/v1/containers`: for administrators of the gateway. */
export function containerRoutes(deps: ContainerRouteDeps): Router {
  const { audit } = deps;
  const router = Router({ caseSensitive: true, strict: true });
  const desk = (): ContainerDesk => {
    if (deps.containerDesk !== undefined) return deps.containerDesk;
    throw new GatewayError(
      'docker-off',
      'The gateway looks after no containers: DOCKER_ENGINE is not set.',
    );
  };
  const acted = (res: Response, act: AdminAct['act'], target: AdminAct['target']): void =>
    audit.acted(actOf(res.req, res, { act, target }));

  serve(
    router,
    deps,
    listContainers,
    () => deps.containerDesk?.view() ?? { engine: null, items: [], scaling: null, work: [] },
  );
  serve(router, deps, scaleContainers, ({ body: { count, dryRun }, res }) => {
    const keeper = desk().requireKeeper();
    const steps = keeper.planScale(count);
    if (!dryRun) {
      keeper.scale(count);
      acted(res, 'containers-scaled', { count });
    }
    return { dryRun, steps: [...steps] };
  });
  serve(router, deps, upgradeContainer, async ({ body, grant, res }) => {
    const keeper = desk().requireKeeper();
    const { image, force, dryRun } = body;
    const { container, steps } = dryRun
      ? await keeper.planUpgrade(image, { force })
      : await keeper.upgrade(image, { force, by: grant.subject });
    if (!dryRun) acted(res, 'containers-upgraded', { container: container.name, image });
    return { dryRun, steps: [...steps] };
  });
  serve(router, deps, repairContainers, ({ body: { dryRun }, grant, res }) => {
    const { container, steps } = desk().requireKeeper().repair({ by: grant.subject, dryRun });
    if (!dryRun && container !== null) acted(res, 'containers-repaired', { container });
    return { dryRun, steps: [...steps] };
  });
  serve(router, deps, getContainer, ({ params }) => desk().details(params.container));
  serve(router, deps, getContainerLog, async ({ params, query }) => ({
    items: await desk().log(params.container, query),
  }));
  serve(router, deps, followContainerLog, async ({ params, query, grant, req, res }) => {
    await sendLines(res, {
      lines: (signal) => desk().follow(params.container, query, signal),
      isHead: req.method === 'HEAD',
      isOver: () => deps.isRevoked(grant) || grant.expiresAt <= deps.now(),
    });
    return undefined;
  });
  const acts = [
    [startContainer, 'start', 'container-started'],
    [stopContainer, 'stop', 'container-stopped'],
    [restartContainer, 'restart', 'container-restarted'],
  ] as const satisfies readonly (readonly [object, ContainerAct, AdminAct['act']])[];
  for (const [operation, act, name] of acts) {
    serve(router, deps, operation, async ({ params, query, res }) => {
      const { container, ...plan } = await desk().act(params.container, act, query);
      if (!query.dryRun) acted(res, name, { container, ...(query.force ? { force: 'yes' } : {}) });
      return plan;
    });
  }
  return router;
}
