import { z } from 'zod';

/** A candidate of this side, as a client takes it. */
export const TrickledCandidate = z.object({
  candidate: z.string(),
  sdpMid: z.string(),
  sdpMLineIndex: z.number(),
});
export type TrickledCandidate = z.infer<typeof TrickledCandidate>;
