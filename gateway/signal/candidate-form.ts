import type { PeerEvent } from './member.ts';

type Candidate = Extract<PeerEvent, { readonly type: 'ice-candidate' }>;
type Minimal = Extract<PeerEvent, { readonly type: 'ice' }>;

/** The minimal form as browsers write it. */
export function toCandidate({ candidate, sdpMLineIndex, sdpMid, from }: Minimal): Candidate {
  const init = { candidate, sdpMLineIndex, sdpMid: sdpMid ?? null };
  return { type: 'ice-candidate', candidate: init, from };
}

/** What browsers write in the minimal form; the end is an empty candidate. */
export function toMinimal({ candidate, from }: Candidate): Minimal {
  if (candidate === null) return { type: 'ice', candidate: '', sdpMLineIndex: 0, from };
  const { sdpMid } = candidate;
  const mid = sdpMid == null ? {} : { sdpMid };
  const sdpMLineIndex = candidate.sdpMLineIndex ?? indexOf(sdpMid);
  return { type: 'ice', candidate: candidate.candidate, sdpMLineIndex, ...mid, from };
}

/** Browsers number their mids; all is bundled at the first m-line elsewhere. */
const indexOf = (mid: string | null | undefined): number =>
  /^\d{1,2}$/.test(mid ?? '') ? Number(mid) : 0;
