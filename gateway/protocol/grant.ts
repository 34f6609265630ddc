import { z } from 'zod';
import { RoomId, SourceId } from './ids.ts';

/**
 * What a token may allow. `operate`: look at and steer what is in its room: remove sessions, tune hosts,
 * decide about control, record, hand on what it has itself. `admin` includes every other action in its room.
 */
export const Action = z.enum(['publish', 'watch', 'control', 'host', 'operate', 'admin']);
export type Action = z.infer<typeof Action>;

/** Some actions, each once or more. */
export const Actions = z.array(Action).min(1).max(Action.options.length);

/**
 * Names a person or a token where people read it, in logs and on pages: nothing that ends a line,
 * moves a cursor or turns the direction of reading.
 */
export const PrintableName = z
  .string()
  .regex(
    /^[^\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]{1,128}$/u,
    'must be 1 to 128 printable characters',
  );

/**
 * Where a grant comes from that ends before its time: with a change of the account that gave it, with a
 * login, or with an invitation. Only the gateway's own tokens have it.
 */
export const GrantOrigin = z.object({
  account: z.string().exactOptional(),
  /** Of the account, when it gave. */
  version: z.number().int().exactOptional(),
  login: z.string().exactOptional(),
  invitation: z.string().exactOptional(),
});
export type GrantOrigin = z.infer<typeof GrantOrigin>;

/** What may be had in all rooms by one token. */
const EVERYWHERE: ReadonlySet<Action> = new Set<Action>(['admin', 'operate']);

/**
 * The claims of a token, as an integrator writes them. `room: "*"` is all rooms and is accepted
 * only beside `admin` or `operate`; an absent `sources` is all sources of the room.
 */
export const TokenClaims = z
  .object({
    sub: PrintableName,
    room: z.union([z.literal('*'), RoomId]),
    sources: z.array(SourceId).min(1).max(16).exactOptional(),
    can: Actions,
    exp: z.number().int().positive(),
    iat: z.number().nonnegative().exactOptional(),
    jti: PrintableName.exactOptional(),
    pixelcast: GrantOrigin.exactOptional(),
  })
  .refine(({ room, can }) => room !== '*' || can.some((action) => EVERYWHERE.has(action)), {
    message: 'room "*" needs the action "admin" or "operate"',
    path: ['room'],
  });
export type TokenClaims = z.infer<typeof TokenClaims>;
