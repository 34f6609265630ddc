import { z } from 'zod';

/** What came of an ICE check from the gateway's machine to an announced address. */
export const AddressProbeView = z.object({
  /** `address:port`, as clients are told. */
  address: z.string(),
  reachable: z.boolean(),
  roundTripMs: z.number().nullable(),
  /** Why not, in one sentence. */
  error: z.string().nullable(),
  /** Epoch milliseconds. */
  probedAt: z.number(),
});
export type AddressProbeView = z.infer<typeof AddressProbeView>;

/** Where clients of a media server are told to send media. */
export const AddressView = z.object({
  /** By `MEDIA_CANDIDATE`; else as the media server says. */
  configured: z.boolean(),
  /** `address:port` of the last answer, the preferred one first; empty before the first. */
  announced: z.array(z.string()),
  /** What is wrong with them, and what to do. */
  remarks: z.array(
    z.object({
      fault: z.enum(['unusable', 'loopback-only', 'container', 'private-only', 'unresolved']),
      sentence: z.string(),
    }),
  ),
  probes: z.array(AddressProbeView),
});
export type AddressView = z.infer<typeof AddressView>;
