import { z } from 'zod';
import { PrintableName } from './grant.ts';
import { RoomId } from './ids.ts';

const DAY_SECONDS = 24 * 3600;

/**
 * `POST /api/v1/revocations`: one token by its `jti`, or all that a `sub` was given until now;
 * with `room` only tokens for that room. `ttlSeconds` must cover what is left of the tokens' life:
 * 30 days, the longest that this gateway mints, unless told.
 */
export const RevocationRequest = z
  .strictObject({
    jti: PrintableName.exactOptional(),
    sub: PrintableName.exactOptional(),
    room: RoomId.exactOptional(),
    ttlSeconds: z
      .number()
      .int()
      .min(60)
      .max(366 * DAY_SECONDS)
      .default(30 * DAY_SECONDS),
  })
  .refine(({ jti, sub }) => (jti === undefined) !== (sub === undefined), {
    message: 'name either jti or sub',
  });
export type RevocationRequest = z.infer<typeof RevocationRequest>;

/** One entry of the revocation list. Times are epoch milliseconds. */
export const RevocationView = z
  .object({
    id: z.string(),
    jti: PrintableName.exactOptional(),
    sub: PrintableName.exactOptional(),
    room: RoomId.exactOptional(),
    revokedAt: z.number(),
    expiresAt: z.number(),
    /** `sub` of whoever revoked. */
    by: z.string(),
  })
  .meta({ id: 'Revocation' });
export type RevocationView = z.infer<typeof RevocationView>;
