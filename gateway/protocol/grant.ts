import { z } from 'zod';
import { RoomId, SourceId } from './ids.ts';

/** What a token may allow. `admin` includes every other action in its room. */
export const Action = z.enum(['publish', 'watch', 'control', 'host', 'admin']);
export type Action = z.infer<typeof Action>;

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
 * The claims of a token, as an integrator writes them. `room: "*"` is all rooms and is accepted
 * only beside `can: ["admin"]`; an absent `sources` is all sources of the room.
 */
export const TokenClaims = z
  .object({
    sub: PrintableName,
    room: z.union([z.literal('*'), RoomId]),
    sources: z.array(SourceId).min(1).max(16).exactOptional(),
    can: z.array(Action).min(1).max(5),
    exp: z.number().int().positive(),
    iat: z.number().nonnegative().exactOptional(),
    jti: PrintableName.exactOptional(),
  })
  .refine((claims) => claims.room !== '*' || claims.can.includes('admin'), {
    message: 'room "*" needs the action "admin"',
    path: ['room'],
  });
export type TokenClaims = z.infer<typeof TokenClaims>;
