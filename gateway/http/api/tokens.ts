import { randomUUID } from 'node:crypto';
import { Router } from 'express';
import type { MintedToken, MintedTokens } from '../../accounts/minted-tokens.ts';
import { RowPlace } from '../../accounts/row-page.ts';
import type { AuditLog } from '../../audit/audit-log.ts';
import { hasRights, mayOperate, type Grant } from '../../auth/grant.ts';
import { endOfGift, originOfGift } from '../../auth/handing-on.ts';
import type { Revocations } from '../../auth/revocations.ts';
import { GatewayError } from '../../errors.ts';
import {
  listTokens,
  mintToken,
  revokeToken,
  type TokenReply,
  type TokenRequest,
  type TokenView,
} from '../../protocol/api/tokens.ts';
import type { AdminAccess } from '../admin-access.ts';
import { actOf } from '../audit-entry.ts';
import { readCursor, writeCursor } from './cursor.ts';
import { serve } from './serve-operation.ts';

export interface TokenRouteDeps extends AdminAccess {
  readonly mintedTokens: MintedTokens;
  readonly revocations: Revocations;
  readonly audit: AuditLog;
  /** Ends the sessions of grants that were taken back by now. */
  readonly endRevoked: () => void;
  readonly now: () => number;
}

/** `/api/v1/tokens`: for operators, of their rooms. */
export function tokenRoutes(deps: TokenRouteDeps): Router {
  const { mintedTokens, revocations, audit } = deps;
  const router = Router({ caseSensitive: true, strict: true });

  serve(router, deps, mintToken, async ({ grant, body, req, res }) => {
    const { reply, minted } = mint(deps, grant, body);
    await mintedTokens.add(minted);
    audit.acted(actOf(req, res, { act: 'token-minted', target: targetOf(minted) }));
    return reply;
  });
  serve(router, deps, listTokens, async ({ grant, query: { cursor, ...query } }) => {
    const after = readCursor(cursor, RowPlace);
    const page = await mintedTokens.page({ ...query, rooms: grant.room, after });
    return {
      items: page.tokens.map((token) => viewOf(deps, token)),
      next: page.next === null ? null : writeCursor(page.next),
      total: page.total,
    };
  });
  serve(router, deps, revokeToken, async ({ grant, params, req, res }) => {
    const token = await mintedTokens.byJti(params.jti);
    if (token === undefined || !maySee(grant, token)) {
      throw new GatewayError('not-found', 'There is no such token on the list. Revoke it by jti.');
    }
    const { jti, room } = token;
    if (!hasRights(grant, { ...token, sources: token.sources })) throw tooMuch();
    const leftSeconds = Math.ceil((token.expiresAt - deps.now()) / 1000);
    const ttlSeconds = Math.max(60, leftSeconds + 60);
    const target = { jti, ...(room === '*' ? {} : { room }), ttlSeconds };
    const { kept } = revocations.add(target, grant.subject);
    deps.endRevoked();
    audit.acted(actOf(req, res, { act: 'token-revoked', target: targetOf(token) }));
    await kept;
    return undefined;
  });
  return router;
}

/** Nobody can give more than they have: no other room, no other action, no longer life. */
function mint(
  { tokens, now }: TokenRouteDeps,
  giver: Grant,
  { ttlSeconds, ...claims }: TokenRequest,
): { reply: TokenReply; minted: MintedToken } {
  const { sub: subject, room, sources, can } = claims;
  const mayGive = room === '*' ? giver.room === '*' : mayOperate(giver, room);
  if (!mayGive || !hasRights(giver, { room, sources, can })) throw tooMuch();
  if (room === '*' && !can.some((action) => action === 'admin' || action === 'operate')) {
    throw new GatewayError('bad-request', 'room: "*" needs the action "admin" or "operate"');
  }
  const issuedAt = now();
  const exp = Math.floor(endOfGift(giver, can, issuedAt + ttlSeconds * 1000) / 1000);
  const [jti, origin] = [randomUUID(), originOfGift(giver)];
  const token = tokens.mint({
    ...claims,
    exp,
    jti,
    ...(origin === undefined ? {} : { pixelcast: origin }),
  });
  const expiresAt = exp * 1000;
  const by = giver.subject;
  return {
    reply: { token, expiresAt, jti },
    minted: { jti, subject, room, sources, can, by, issuedAt, expiresAt },
  };
}

const maySee = (grant: Grant, { room }: MintedToken): boolean =>
  room === '*' ? grant.room === '*' : mayOperate(grant, room);

function viewOf({ revocations }: TokenRouteDeps, token: MintedToken): TokenView {
  const { subject, sources, jti, can, issuedAt, ...rest } = token;
  const revoked = revocations.covers({ ...token, issuedAt, tokenId: jti });
  return {
    ...{ jti, sub: subject, can: [...can], issuedAt, ...rest, revoked },
    ...(sources === undefined ? {} : { sources: [...sources] }),
  };
}

const targetOf = ({ subject, room, can, jti, expiresAt }: MintedToken) => ({
  ...{ subject, room, can, jti, expiresAt },
});

const tooMuch = (): GatewayError =>
  new GatewayError('scope-insufficient', 'You may not give this: it is more than you have.');
