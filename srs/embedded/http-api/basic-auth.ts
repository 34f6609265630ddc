import { createHash, timingSafeEqual } from 'node:crypto';

export interface Login {
  readonly user: string;
  readonly password: string;
}

/** SRS tells the scheme (`challenge`) unless the client tried another one than Basic. */
export type AuthResult =
  { readonly allowed: true } | { readonly allowed: false; readonly challenge: boolean };

/** Only paths with `/api/` in them ask for a login: `/rtc/` is guarded by the hooks. */
export function checkLogin(path: string, header: string, login: Login | null): AuthResult {
  if (login === null || !path.includes('/api/')) return { allowed: true };
  if (header === '') return { allowed: false, challenge: true };
  if (!header.startsWith('Basic ')) return { allowed: false, challenge: false };
  const given = Buffer.from(header.slice('Basic '.length), 'base64').toString('utf8');
  if (sameText(given, `${login.user}:${login.password}`)) return { allowed: true };
  return { allowed: false, challenge: true };
}

function sameText(a: string, b: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}
