import { createHash, randomBytes } from 'node:crypto';
import { PeerId, type PeerRole } from '../protocol/signal/peer.ts';
import type { SourcePlace } from '../rooms/hosts/source-place.ts';

const BASE32 = 'abcdefghijklmnopqrstuvwxyz234567';
const CHARS = 16;

/** A new `resume`: 128 random bits. */
export const newResume = (): string => randomBytes(16).toString('base64url');

/** Whose id it is: another subject, role or source with the same `resume` is somebody else. */
export interface Identity extends SourcePlace {
  readonly role: PeerRole;
  readonly subject: string;
  readonly resume: string;
}

/** The id that follows from it, at every gateway and after every restart. */
export function peerIdOf({ room, source, role, subject, resume }: Identity): PeerId {
  const hash = createHash('sha256').update(JSON.stringify([room, source, role, subject, resume]));
  const chars = [...hash.digest().subarray(0, CHARS)].map((byte) => BASE32[byte % 32]);
  return PeerId.parse(chars.join(''));
}
