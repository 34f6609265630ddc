import { Router } from 'express';
import type { AuditLog } from '../audit/audit-log.ts';
import { isGlobalAdmin, mayDo, type Grant } from '../auth/grant.ts';
import type { Revocations } from '../auth/revocations.ts';
import { GatewayError } from '../errors.ts';
import type { RoomId } from '../protocol/ids.ts';
import {
  deleteRevocation,
  listRevocations,
  createRevocation,
} from '../protocol/api/revocations.ts';
import type { RevocationView } from '../protocol/revocation.ts';
import type { AdminAccess } from './admin-access.ts';
import { orSay } from './api/or-say.ts';
import { serve } from './api/serve-operation.ts';
import { actOf } from './audit-entry.ts';

export interface RevocationDeps extends AdminAccess {
  readonly revocations: Revocations;
  readonly audit: AuditLog;
  /** Ends the sessions of tokens that are on the list by now. */
  readonly endRevoked: () => void;
}

/**
 * `/api/v1/revocations`: tokens taken back before they run out. The admin of a room sees and does
 * what concerns tokens of that room alone.
 */
export function revocationRoutes(deps: RevocationDeps): Router {
  const { revocations, endRevoked, audit } = deps;
  const router = Router({ caseSensitive: true, strict: true });

  serve(router, deps, listRevocations, ({ grant }) => ({
    items: revocations.list().filter(({ room }) => mayRevoke(grant, room)),
  }));
  serve(router, deps, createRevocation, async ({ grant, body, req, res }) => {
    if (!mayRevoke(grant, body.room)) {
      throw new GatewayError('scope-insufficient', 'Name the room of your token as "room".');
    }
    const { entry, kept } = revocations.add(body, grant.subject);
    endRevoked();
    audit.acted(actOf(req, res, { act: 'token-revoked', target: targetOf(entry) }));
    await orSay(kept, 'The token is revoked, but only until the gateway restarts.');
    return entry;
  });
  serve(router, deps, deleteRevocation, async ({ grant, params, req, res }) => {
    const entry = revocations.list().find(({ id }) => id === params.id);
    if (entry === undefined || !mayRevoke(grant, entry.room)) {
      throw new GatewayError('not-found', 'There is no such revocation, or no longer.');
    }
    audit.acted(actOf(req, res, { act: 'revocation-deleted', target: targetOf(entry) }));
    await orSay(revocations.delete(entry), 'It comes back when the gateway restarts.');
    return undefined;
  });
  return router;
}

const targetOf = ({ id, jti, sub: subject, room, expiresAt }: RevocationView) => ({
  id,
  jti,
  subject,
  room,
  expiresAt,
});

const mayRevoke = (grant: Grant, room: RoomId | undefined): boolean =>
  isGlobalAdmin(grant) || (room !== undefined && mayDo(grant, 'admin', room));
