import { Router } from 'express';
import { z } from 'zod';
import type { AuditStore } from '../../audit/audit-store.ts';
import { listAudit } from '../../protocol/api/audit.ts';
import type { AdminAccess } from '../admin-access.ts';
import { readCursor, writeCursor } from './cursor.ts';
import { serve } from './serve-operation.ts';

export interface AuditRouteDeps extends AdminAccess {
  readonly auditStore: AuditStore;
}

/** `/api/v1/audit`: for administrators of the whole gateway. */
export function auditRoutes(deps: AuditRouteDeps): Router {
  const router = Router({ caseSensitive: true, strict: true });

  serve(router, deps, listAudit, async ({ query: { limit, cursor, q, by, act, since, until } }) => {
    const before = readCursor(cursor, z.int().min(1));
    const found = await deps.auditStore.find({ limit, before, q, by, act, since, until });
    const items = found.items.slice(0, limit);
    const last = found.items.length > limit ? items.at(-1) : undefined;
    const next = last === undefined ? null : writeCursor(Number(last.id));
    return { items, next, total: found.total };
  });
  return router;
}
