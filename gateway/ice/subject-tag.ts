import { createHash } from 'node:crypto';

const PLAIN = /^[A-Za-z0-9._-]{1,64}$/;

/** A subject as user names of TURN and `Link` headers can carry it: itself, or a digest of it. */
export function subjectTag(subject: string): string {
  if (PLAIN.test(subject)) return subject;
  return `=${createHash('sha256').update(subject).digest('base64url').slice(0, 22)}`;
}
