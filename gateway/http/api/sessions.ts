import { Router } from 'express';
import { z } from 'zod';
import type { AuditLog } from '../../audit/audit-log.ts';
import { mayOperate, type Grant } from '../../auth/grant.ts';
import { GatewayError } from '../../errors.ts';
import { getSession, kickSession, listSessions } from '../../protocol/api/sessions.ts';
import type { RoomId, SessionId } from '../../protocol/ids.ts';
import { findSessions } from '../../rooms/find-sessions.ts';
import type { HostDesk } from '../../rooms/hosts/host-desk.ts';
import type { Session } from '../../rooms/session.ts';
import type { AdminAccess } from '../admin-access.ts';
import { actOf } from '../audit-entry.ts';
import { removeSession, type BanDeps } from './ban.ts';
import { readCursor, writeCursor } from './cursor.ts';
import { serve } from './serve-operation.ts';

export interface SessionRouteDeps extends AdminAccess, BanDeps {
  readonly hostDesk: HostDesk;
  readonly audit: AuditLog;
}

/** `/api/v1/sessions`: for whoever steers their rooms. */
export function sessionListRoutes(deps: SessionRouteDeps): Router {
  const { audit } = deps;
  const { registry } = deps.sessions;
  const router = Router({ caseSensitive: true, strict: true });

  serve(router, deps, listSessions, ({ grant, query: { cursor, room, ...query } }) => {
    // The grant's own room is all that it may see: found at once among many.
    const own = room ?? ownRoom(grant);
    const found = findSessions(registry, {
      ...query,
      ...(own === undefined ? {} : { room: own }),
      after: readCursor(cursor, z.int().min(0)),
      mayShow: grant.room === '*' ? undefined : (each) => mayOperate(grant, each),
    });
    return {
      items: found.sessions.map((session) => session.toView()),
      next: found.next === null ? null : writeCursor(found.next),
      total: found.total,
    };
  });
  serve(router, deps, getSession, ({ grant, params: { id } }) => {
    const session = findSession(grant, id);
    const known = deps.hostDesk.reportOf(session);
    const quality = known === null ? null : { ...known.report, ageMs: Math.round(known.ageMs) };
    return { ...session.toView(), quality };
  });
  serve(router, deps, kickSession, async ({ grant, params: { id }, query: { ban }, req, res }) => {
    const session = findSession(grant, id);
    await removeSession(deps, session, { ban, by: grant });
    const { room, source, grant: ended } = session;
    const target = {
      session: id,
      room,
      source,
      subject: ended.subject,
      ...(ban ? { ban: 'yes' } : {}),
    };
    audit.acted(actOf(req, res, { act: 'session-kicked', target }));
    return undefined;
  });

  /** @throws GatewayError */
  function findSession(grant: Grant, id: SessionId): Session {
    const session = registry.byId(id);
    if (session !== undefined && mayOperate(grant, session.room)) return session;
    throw new GatewayError('session-not-found', 'There is no such session, or no longer.');
  }
  return router;
}

const ownRoom = ({ room }: Grant): RoomId | undefined =>
  typeof room === 'string' && room !== '*' ? room : undefined;
