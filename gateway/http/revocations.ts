import { Router } from 'express';
import type { AuditLog } from '../audit/audit-log.ts';
import { isGlobalAdmin, mayDo, type Grant } from '../auth/grant.ts';
import type { Revocations } from '../auth/revocations.ts';
import { GatewayError } from '../errors.ts';
import type { RoomId } from '../protocol/ids.ts';
import { RevocationRequest, type RevocationView } from '../protocol/revocation.ts';
import type { AdminAccess } from './admin-access.ts';
import { actOf } from './audit-entry.ts';
import { adminGrant } from './authenticate.ts';
import { readJson } from './body.ts';
import { parseBody } from './json-body.ts';

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
  const path = '/api/v1/revocations';

  router.get(path, async (req, res) => {
    const grant = await adminGrant(req, deps);
    res.json({ items: revocations.list().filter(({ room }) => mayRevoke(grant, room)) });
  });
  router.post(
    path,
    async (req, res, next) => {
      res.locals['grant'] = await adminGrant(req, deps);
      next();
    },
    readJson,
    async (req, res) => {
      const grant = res.locals['grant'] as Grant;
      const request = parseBody(RevocationRequest, req);
      if (!mayRevoke(grant, request.room)) {
        throw new GatewayError('scope-insufficient', 'Name the room of your token as "room".');
      }
      const { entry, kept } = revocations.add(request, grant.subject);
      endRevoked();
      audit.acted(actOf(req, res, { act: 'token-revoked', target: targetOf(entry) }));
      await orSay(kept, 'The token is revoked, but only until the gateway restarts.');
      res.status(201).json(entry);
    },
  );
  router.delete(`${path}/:id`, async (req, res) => {
    const grant = await adminGrant(req, deps);
    const entry = revocations.list().find(({ id }) => id === req.params.id);
    if (entry === undefined || !mayRevoke(grant, entry.room)) {
      throw new GatewayError('not-found', 'There is no such revocation, or no longer.');
    }
    audit.acted(actOf(req, res, { act: 'revocation-deleted', target: targetOf(entry) }));
    await orSay(revocations.delete(entry), 'It comes back when the gateway restarts.');
    res.status(204).end();
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

/** What holds now although the list could not be written. */
async function orSay(kept: Promise<void>, consequence: string): Promise<void> {
  try {
    await kept;
  } catch (cause) {
    throw new GatewayError('internal', `The list could not be written. ${consequence}`, { cause });
  }
}
