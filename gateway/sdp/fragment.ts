import { GatewayError } from '../errors.ts';
import { splitLines } from './lines.ts';
import { isPwd, isUfrag } from './transport.ts';
import { LIMITS } from '../limits/limits.ts';

/** What a trickle PATCH says. */
export interface Fragment {
  /** One that is none of the offer's asks for an ICE restart (WHIP-52). */
  readonly ufrags: readonly string[];
  readonly pwds: readonly string[];
  /** How many candidates it brings; they are dropped, the media server learns by STUN (WHIP-45). */
  readonly candidates: number;
  readonly endOfCandidates: boolean;
}

/**
 * Reads an `application/trickle-ice-sdpfrag` body (RFC 8840 §9) as loosely as clients write it:
 * credentials at any level, m-lines of any kind or none. No address in it is read, let alone used.
 */
export function readFragment(text: string): Fragment {
  const lines = readLines(text);
  const ufrags = valuesOf(lines, 'a=ice-ufrag:');
  const pwds = valuesOf(lines, 'a=ice-pwd:');
  if (!ufrags.every(isUfrag) || !pwds.every(isPwd)) {
    refuse('The ICE credentials of the fragment are malformed.');
  }
  const candidates = lines.filter((line) => CANDIDATE.test(line)).length;
  if (lines.filter((line) => ANY_CANDIDATE.test(line)).length > candidates) {
    refuse('The fragment has a malformed a=candidate line.');
  }
  return { ufrags, pwds, candidates, endOfCandidates: lines.includes('a=end-of-candidates') };
}

function readLines(text: string): readonly string[] {
  try {
    const lines = splitLines(text);
    if (lines.length <= LIMITS.fragmentLines) return lines;
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error;
    throw new GatewayError('bad-request', 'The body is no ICE fragment (RFC 8840).', {
      cause: error,
    });
  }
  return refuse(`The fragment has more than ${LIMITS.fragmentLines} lines.`);
}

function valuesOf(lines: readonly string[], prefix: string): readonly string[] {
  return lines.filter((line) => line.startsWith(prefix)).map((line) => line.slice(prefix.length));
}

function refuse(message: string): never {
  throw new GatewayError('bad-request', message);
}

/** An empty one is how a browser's last `icecandidate` event looks when it is sent on. */
const ANY_CANDIDATE = /^a=candidate:./;

/** `candidate:candidate:`: MediaMTX. Component 0 and `[v6]`: Eyevinn. Names: mDNS. */
const CANDIDATE =
  /^a=candidate:\S{1,64} \d{1,5} \S{1,16} \d{1,20} \S{1,255} \d{1,5} typ \S{1,16}(?: |$)/;
