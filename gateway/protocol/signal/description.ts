import { z } from 'zod';
import { CANDIDATE_CHARS, SIGNAL_SDP_CHARS } from './signal-protocol.ts';

/** A session description as it is handed on: it begins as RFC 8866 §5 says, and is text. */
export const Sdp = z
  .string()
  .max(SIGNAL_SDP_CHARS)
  .regex(/^v=0\r?\n[^\p{Cc}]*(?:[\r\n\t][^\p{Cc}]*)*$/u, 'is no SDP');

/** RFC 8839 §5.1; empty: there are no more. One line. */
const line = z
  .string()
  .max(CANDIDATE_CHARS)
  .regex(/^(?:(?:a=)?candidate:[\x20-\x7e]+)?$/, 'is no candidate');
const mid = z.string().regex(/^[\x21-\x7e]{0,64}$/);
const mLine = z.int().min(0).max(255);

/** `RTCIceCandidateInit`, as `candidate.toJSON()` gives it. */
export const CandidateInit = z.object({
  candidate: line,
  sdpMid: mid.nullable().exactOptional(),
  sdpMLineIndex: mLine.nullable().exactOptional(),
  usernameFragment: z
    .string()
    .regex(/^[A-Za-z0-9+/]{0,256}$/)
    .nullable()
    .exactOptional(),
});
export type CandidateInit = z.infer<typeof CandidateInit>;

/** The minimal form of a candidate. */
export const MinimalCandidate = z.object({
  candidate: line,
  sdpMLineIndex: mLine,
  sdpMid: mid.exactOptional(),
});
