import { z } from 'zod';

/** Where STUN and TURN servers come from. */
export const IceSourceName = z.enum(['file', 'turn', 'api', 'cloudflare', 'twilio']);
export type IceSourceName = z.infer<typeof IceSourceName>;

/** What a STUN binding or a TURN allocation from the gateway's machine came to. */
export const IceProbeView = z.object({
  url: z.string(),
  reachable: z.boolean(),
  /** Until the server's last answer, TLS and login included. */
  roundTripMs: z.number().nullable(),
  /** How the server sees the gateway (STUN), or the relayed address (TURN). */
  address: z.string().nullable(),
  /** Why not, in one sentence without credentials. */
  error: z.string().nullable(),
  probedAt: z.number(),
});
export type IceProbeView = z.infer<typeof IceProbeView>;

/** One source of `GET /api/v1/ice-sources`. Times are epoch milliseconds; no credential is in it. */
export const IceSourceView = z
  .object({
    source: IceSourceName,
    /** What it gave last. */
    urls: z.array(z.string()),
    /** Tokens with credentials of their own; null where all get the same, or each new ones. */
    holders: z.number().int().nullable(),
    refreshedAt: z.number().nullable(),
    /** When what all get runs out; null: never, or apart for each token. */
    expiresAt: z.number().nullable(),
    /** In a row; 0 while it works. */
    failures: z.number().int(),
    failuresInAll: z.number().int(),
    /** Kept when it works again. */
    lastError: z.string().nullable(),
    lastErrorAt: z.number().nullable(),
    probes: z.array(IceProbeView),
  })
  .meta({ id: 'IceSource' });
export type IceSourceView = z.infer<typeof IceSourceView>;
