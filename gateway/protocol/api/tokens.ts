import { z } from 'zod';
import { Action, Actions, PrintableName } from '../grant.ts';
import { RoomId, SourceId } from '../ids.ts';
import { operation } from './operation.ts';
import { page, PageQuery } from './page.ts';

/** `POST /api/v1/tokens`. `ttlSeconds` 60 s to 30 days. */
export const TokenRequest = z.object({
  sub: PrintableName,
  room: z.union([z.literal('*'), RoomId]),
  sources: z.array(SourceId).min(1).max(16).exactOptional(),
  can: Actions,
  ttlSeconds: z
    .number()
    .int()
    .min(60)
    .max(30 * 24 * 3600)
    .default(3600),
});
export type TokenRequest = z.infer<typeof TokenRequest>;

/** `jti` names the token for its revocation. */
export const TokenReply = z.object({ token: z.string(), expiresAt: z.number(), jti: z.string() });
export type TokenReply = z.infer<typeof TokenReply>;

export const mintToken = operation({
  id: 'mintToken',
  method: 'POST',
  path: '/api/v1/tokens',
  tag: 'Tokens',
  summary: 'Mint a token',
  description:
    'Nobody can give more than they have: no other room or source, no other action, no longer life.',
  access: 'operate',
  body: TokenRequest,
  reply: TokenReply,
  status: 201,
});

/** A token that was given to somebody, without its text. Times are epoch milliseconds. */
export const TokenView = z.object({
  jti: z.string(),
  sub: z.string(),
  room: z.union([z.literal('*'), RoomId]),
  sources: z.array(SourceId).exactOptional(),
  can: z.array(Action),
  /** Name of who gave it. */
  by: z.string(),
  issuedAt: z.number(),
  expiresAt: z.number(),
  revoked: z.boolean(),
});
export type TokenView = z.infer<typeof TokenView>;

export const listTokens = operation({
  id: 'listTokens',
  method: 'GET',
  path: '/api/v1/tokens',
  tag: 'Tokens',
  summary: 'Tokens that were given to somebody and have not run out, the newest first',
  description:
    'Of the rooms that the caller may operate, those of redeemed invitations too; never their text. `q` searches subject, room, jti and who gave it.',
  access: 'operate',
  query: PageQuery.extend({ room: RoomId.exactOptional() }),
  reply: page(TokenView),
});

export const revokeToken = operation({
  id: 'revokeToken',
  method: 'DELETE',
  path: '/api/v1/tokens/:jti',
  tag: 'Tokens',
  summary: 'Take a token back',
  description: 'Its sessions end. Nobody takes back what allows more than they have.',
  access: 'operate',
  params: z.object({ jti: PrintableName }),
  reply: null,
  errors: ['not-found'],
});
