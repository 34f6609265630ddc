import { z } from 'zod';
import type { Action } from '../grant.ts';
import { RoomId, SourceId } from '../ids.ts';
import { operation } from './operation.ts';
import { page, PageQuery } from './page.ts';
import { TokenReply } from './tokens.ts';

/** What somebody who is invited may do. */
export const InvitationRights = z.enum(['view', 'control', 'present']);
export type InvitationRights = z.infer<typeof InvitationRights>;

/** The same as tokens have it. */
export const INVITATION_ACTIONS = {
  view: ['watch'],
  control: ['watch', 'control'],
  present: ['publish', 'watch', 'control'],
} as const satisfies Record<InvitationRights, readonly Action[]>;

/** What is asked of a guest before the name goes on pages and into logs. */
export const GuestName = z
  .string()
  .trim()
  .regex(/^[\p{L}\p{M}\p{N} .,'’_@+-]{1,64}$/u, 'must be 1 to 64 letters, digits and blanks');

/** One invitation, without its code. Times are epoch milliseconds. */
export const InvitationView = z.object({
  id: z.string(),
  room: RoomId,
  sources: z.array(SourceId).exactOptional(),
  rights: InvitationRights,
  uses: z.number().int(),
  used: z.number().int(),
  tokenSeconds: z.number().int(),
  note: z.string(),
  /** Name of who invites. */
  by: z.string(),
  createdAt: z.number(),
  expiresAt: z.number(),
  state: z.enum(['open', 'used-up', 'expired', 'revoked']),
});
export type InvitationView = z.infer<typeof InvitationView>;

/** Good for `uses` guests (1) until `ttlSeconds` (a day) are over; each gets a token of `tokenSeconds` (4 h). */
export const InvitationRequest = z.strictObject({
  room: RoomId,
  sources: z.array(SourceId).min(1).max(16).exactOptional(),
  rights: InvitationRights,
  uses: z.number().int().min(1).max(10_000).default(1),
  ttlSeconds: z
    .number()
    .int()
    .min(60)
    .max(30 * 24 * 3600)
    .default(24 * 3600),
  tokenSeconds: z
    .number()
    .int()
    .min(60)
    .max(24 * 3600)
    .default(4 * 3600),
  note: z
    .string()
    .max(200)
    .regex(/^[^\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]*$/u, 'must be printable')
    .default(''),
});
export type InvitationRequest = z.infer<typeof InvitationRequest>;

/** `path` is of the page that redeems it, the code in the fragment; it is told this once. */
export const InvitationReply = InvitationView.extend({ code: z.string(), path: z.string() });
export type InvitationReply = z.infer<typeof InvitationReply>;

export const listInvitations = operation({
  id: 'listInvitations',
  method: 'GET',
  path: '/api/v1/invitations',
  tag: 'Invitations',
  summary: 'Invitations, the newest first',
  description: 'Of the rooms that the caller may operate. `q` searches room, note and who invites.',
  access: 'operate',
  query: PageQuery.extend({ room: RoomId.exactOptional() }),
  reply: page(InvitationView),
});

export const createInvitation = operation({
  id: 'createInvitation',
  method: 'POST',
  path: '/api/v1/invitations',
  tag: 'Invitations',
  summary: 'Invite to a room',
  description: 'Nobody can give more than they have.',
  access: 'operate',
  body: InvitationRequest,
  reply: InvitationReply,
  status: 201,
  errors: ['capacity'],
});

export const revokeInvitation = operation({
  id: 'revokeInvitation',
  method: 'DELETE',
  path: '/api/v1/invitations/:id',
  tag: 'Invitations',
  summary: 'Take an invitation back',
  description: 'The tokens that were given for it end too, with their sessions.',
  access: 'operate',
  params: z.object({ id: z.string().max(64) }),
  reply: null,
  errors: ['not-found'],
});

export const RedeemRequest = z.strictObject({ code: z.string().max(128), name: GuestName });
export type RedeemRequest = z.infer<typeof RedeemRequest>;

/** A token, and where it leads. */
export const RedeemReply = TokenReply.extend({
  room: RoomId,
  sources: z.array(SourceId).exactOptional(),
  rights: InvitationRights,
});
export type RedeemReply = z.infer<typeof RedeemReply>;

export const redeemInvitation = operation({
  id: 'redeemInvitation',
  method: 'POST',
  path: '/api/v1/invitations/redeem',
  tag: 'Invitations',
  summary: 'Redeem an invitation',
  description: 'Takes one of its uses.',
  access: 'open',
  body: RedeemRequest,
  reply: RedeemReply,
  errors: ['invitation-invalid', 'origin-forbidden'],
});
