import { Router, type Request } from 'express';
import { isLoopback } from '../config/loopback.ts';
import type { Metrics } from '../observability/metrics.ts';
import type { Nodes } from '../rooms/nodes.ts';
import type { AdminAccess } from './admin-access.ts';
import { globalAdminGrant } from './authenticate.ts';
import { isForwarded } from './forwarded.ts';
import type { RateLimits } from './rate-limit.ts';

export interface HealthDeps extends AdminAccess {
  readonly nodes: Nodes;
  /** What is waited for while no node is known, as a sentence. */
  readonly awaited: () => string;
  readonly limits: RateLimits;
  readonly metrics: Metrics;
  readonly metricsPublic: boolean;
  /** Clients come through a proxy, so that an address of this machine says nothing about them. */
  readonly behindProxy: boolean;
  readonly readiness: { readonly isLeaving: boolean; readonly isStopping: boolean };
}

/** `/healthz`: the process answers. `/readyz`: it can serve, or why not. `/metrics`: Prometheus. */
export function healthRoutes(deps: HealthDeps): Router {
  const router = Router({ caseSensitive: true, strict: true });
  router.get('/healthz', (_req, res) => {
    res.type('text/plain').send('ok\n');
  });
  router.get('/readyz', (_req, res) => {
    const reasons = notReady(deps);
    res.status(reasons.length === 0 ? 200 : 503).json({ ready: reasons.length === 0, reasons });
  });
  const isOpen = (req: Request): boolean =>
    deps.metricsPublic || (!deps.behindProxy && isFromHere(req));
  router.get('/metrics', async (req, res) => {
    if (!isOpen(req)) {
      await deps.limits.guard(req, res, () => undefined);
      await globalAdminGrant(req, deps);
    }
    res.type(deps.metrics.registry.contentType).send(await deps.metrics.registry.metrics());
  });
  return router;
}

/**
 * By address and by name: a proxy that tells nothing passes the client's Host on, and a page whose
 * name was bound anew to this machine has its own.
 */
const isFromHere = (req: Request): boolean =>
  isLoopback(req.socket.remoteAddress ?? '') && isLoopback(req.hostname) && !isForwarded(req);

/** Why the gateway cannot serve, one sentence each; empty when it can. */
export function notReady({
  nodes,
  awaited,
  readiness,
}: Pick<HealthDeps, 'nodes' | 'awaited' | 'readiness'>): string[] {
  if (readiness.isLeaving) return ['The gateway is stopping.'];
  if (nodes.healthy().length > 0) return [];
  const all = nodes.list();
  if (all.length === 0) return [awaited()];
  return all.map(({ node, detail }) => `${node.name}: ${detail}`);
}
