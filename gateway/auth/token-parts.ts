import { z } from 'zod';
import { hasDuplicateMembers } from './json-members.ts';

/**
 * What is read of a JOSE header. `jku`, `x5u`, `jwk` and `x5c` would let a token choose its own key
 * and are not read; a critical extension would have to be understood (RFC 7515 §4.1.11).
 */
const Header = z.object({
  alg: z.enum(['HS256', 'RS256', 'PS256', 'ES256']),
  kid: z.string().max(256).exactOptional(),
  typ: z.string().max(64).exactOptional(),
  crit: z.never().exactOptional(),
  b64: z.never().exactOptional(),
});
export type TokenHeader = z.infer<typeof Header>;

/** The header of a compact JWS with a JSON object in it; undefined when a token is anything else. */
export function readHeader(token: string): TokenHeader | undefined {
  const parts = token.split('.', 4);
  if (parts.length !== 3 || !parts.every((part) => /^[A-Za-z0-9_-]+$/.test(part))) return undefined;
  const [header, claims] = parts.map(readObject);
  if (header === undefined || claims === undefined) return undefined;
  const { data, success } = Header.safeParse(header);
  return success ? data : undefined;
}

/** The claims of a token before anything of it is checked; undefined when it has none. */
export const peekClaims = (token: string): object | undefined =>
  readObject(token.split('.', 3)[1] ?? '');

function readObject(part: string): object | undefined {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(Buffer.from(part, 'base64url'));
    const value: unknown = JSON.parse(text);
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
    return hasDuplicateMembers(text, value) ? undefined : value;
  } catch {
    return undefined;
  }
}
