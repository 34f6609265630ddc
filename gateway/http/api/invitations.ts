import { randomBytes, randomUUID } from 'node:crypto';
import { Router } from 'express';
import type { GrantOrigins } from '../../accounts/grant-origins.ts';
import type { Invitation, Invitations } from '../../accounts/invitations.ts';
import type { MintedTokens } from '../../accounts/minted-tokens.ts';
import { RowPlace } from '../../accounts/row-page.ts';
import type { AuditLog } from '../../audit/audit-log.ts';
import { hasRights, mayOperate } from '../../auth/grant.ts';
import { GatewayError } from '../../errors.ts';
import {
  createInvitation,
  INVITATION_ACTIONS,
  listInvitations,
  redeemInvitation,
  revokeInvitation,
} from '../../protocol/api/invitations.ts';
import type { AdminAccess } from '../admin-access.ts';
import { actOf } from '../audit-entry.ts';
import type { RateLimits } from '../rate-limit.ts';
import { requireSameOrigin } from '../same-origin.ts';
import { readCursor, writeCursor } from './cursor.ts';
import { serve } from './serve-operation.ts';

export interface InvitationRouteDeps extends AdminAccess {
  readonly invitations: Invitations;
  readonly mintedTokens: MintedTokens;
  readonly origins: GrantOrigins;
  readonly limits: RateLimits;
  readonly audit: AuditLog;
  /** Ends the sessions of grants that were taken back by now. */
  readonly endRevoked: () => void;
  readonly now: () => number;
}

/** `/api/v1/invitations`: for operators of their rooms, and for whoever has the code of one. */
export function invitationRoutes(deps: InvitationRouteDeps): Router {
  const { invitations, origins, tokens, audit, now } = deps;
  const router = Router({ caseSensitive: true, strict: true });

  serve(router, deps, listInvitations, async ({ grant, query: { cursor, ...query } }) => {
    const after = readCursor(cursor, RowPlace);
    const { items, next, total } = await invitations.page({ ...query, rooms: grant.room, after });
    return { items: [...items], next: next === null ? null : writeCursor(next), total };
  });
  serve(router, deps, createInvitation, async ({ grant, body, req, res }) => {
    const { room, sources } = body;
    if (!mayOperate(grant, room)) throw tooMuch();
    const rights = { room, sources, can: INVITATION_ACTIONS[body.rights] };
    if (!hasRights(grant, rights)) throw tooMuch();
    const { invitation, code } = await invitations.create(grant, body);
    audit.acted(actOf(req, res, { act: 'invitation-created', target: targetOf(invitation) }));
    return { ...invitations.viewOf(invitation), code, path: `/invite#code=${code}` };
  });
  serve(router, deps, revokeInvitation, async ({ grant, params, req, res }) => {
    const invitation = await invitations.byId(params.id);
    if (invitation === undefined || !mayOperate(grant, invitation.room)) {
      throw new GatewayError('not-found', 'There is no such invitation, or no longer.');
    }
    await invitations.revoke(invitation);
    deps.endRevoked();
    audit.acted(actOf(req, res, { act: 'invitation-revoked', target: targetOf(invitation) }));
    return undefined;
  });
  serve(router, deps, redeemInvitation, async ({ body: { code, name }, req, res }) => {
    requireSameOrigin(req, deps.publicUrl);
    await deps.limits.takeLogin(req);
    const invitation = await invitations.byCode(code);
    if (invitation === undefined || !origins.isGood(originOf(invitation))) throw over();
    if (!(await invitations.use(invitation))) throw over();
    const { room, sources, rights, by } = invitation;
    const can = INVITATION_ACTIONS[rights];
    // Nobody is taken for an account, or for another guest, whatever name is given.
    const sub = `${name} #${randomBytes(3).toString('hex')}`;
    const exp = Math.floor(now() / 1000) + invitation.tokenSeconds;
    const jti = randomUUID();
    const to = { room, ...(sources === undefined ? {} : { sources }) };
    const token = tokens.mint({
      sub,
      ...to,
      can: [...can],
      exp,
      jti,
      pixelcast: originOf(invitation),
    });
    const times = { issuedAt: now(), expiresAt: exp * 1000 };
    await deps.mintedTokens.add({ jti, subject: sub, room, sources, can, by, ...times });
    const target = { ...targetOf(invitation), subject: sub, jti };
    audit.acted(actOf(req, res, { act: 'invitation-redeemed', target }));
    return { token, expiresAt: exp * 1000, jti, ...to, rights };
  });
  return router;
}

const originOf = ({ id, origin }: Invitation) => ({ ...origin, invitation: id });

const targetOf = ({ id, room, rights, uses, expiresAt }: Invitation) => ({
  invitation: id,
  room,
  rights,
  uses,
  expiresAt,
});

const tooMuch = (): GatewayError =>
  new GatewayError('scope-insufficient', 'You may not give this: it is more than you have.');

const over = (): GatewayError =>
  new GatewayError('invitation-invalid', 'This invitation is used up, over or taken back.');
