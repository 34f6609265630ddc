import { Router } from 'express';
import type { AuditLog } from '../../audit/audit-log.ts';
import { GatewayError } from '../../errors.ts';
import { endSource, freeSource as free } from '../../protocol/api/sources.ts';
import { freeSource } from '../../rooms/free-source.ts';
import type { Nodes } from '../../rooms/nodes.ts';
import type { Trials } from '../../rooms/trials.ts';
import type { AdminAccess } from '../admin-access.ts';
import { actOf } from '../audit-entry.ts';
import { removeSession, type BanDeps } from './ban.ts';
import { serve } from './serve-operation.ts';

export interface SourceRouteDeps extends AdminAccess, BanDeps {
  readonly nodes: Nodes;
  readonly trials: Trials;
  readonly audit: AuditLog;
}

/** `/api/v1/rooms/:room/sources/:source`: what is published there, for operators of the room. */
export function sourceRoutes(deps: SourceRouteDeps): Router {
  const { nodes, trials, audit } = deps;
  const { registry } = deps.sessions;
  const router = Router({ caseSensitive: true, strict: true });

  serve(router, deps, endSource, async ({ grant, params, query: { ban }, req, res }) => {
    const [publisher] = registry.room(params.room)?.publishersOf(params.source) ?? [];
    if (publisher === undefined) {
      throw new GatewayError('no-publisher', 'Nobody publishes there.');
    }
    await removeSession(deps, publisher, { ban, by: grant });
    const { subject } = publisher.grant;
    const target = { ...params, subject, ...(ban ? { ban: 'yes' } : {}) };
    audit.acted(actOf(req, res, { act: 'source-ended', target }));
    return undefined;
  });
  serve(router, deps, free, async ({ params, req, res }) => {
    const freed = await freeSource({ registry, trials, nodes }, params);
    const target = { ...params, clients: freed.map(({ node, client }) => `${node} ${client}`) };
    audit.acted(actOf(req, res, { act: 'source-freed', target }));
    return { freed: [...freed] };
  });
  return router;
}
