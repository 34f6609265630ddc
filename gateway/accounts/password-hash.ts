import { z } from 'zod';

/** What one hash costs: 128 · r · 2^ln bytes of memory, p times one after the other (RFC 7914). */
export interface HashCost {
  readonly ln: number;
  readonly r: number;
  readonly p: number;
}

/** A password as it is kept: the cost, the salt and what scrypt made of them. */
export interface PasswordHash extends HashCost {
  readonly salt: Buffer;
  readonly hash: Buffer;
}

const whole = (min: number, max: number) => z.coerce.number().int().min(min).max(max);
const Parts = z.object({ ln: whole(10, 20), r: whole(1, 32), p: whole(1, 16) });

/** `$scrypt$ln=15,r=8,p=3$salt$hash`, the parts in base64 without padding. */
export const formatHash = ({ ln, r, p, salt, hash }: PasswordHash): string =>
  `$scrypt$ln=${ln},r=${r},p=${p}$${base64(salt)}$${base64(hash)}`;

/** What {@link formatHash} wrote. @throws Error when it is anything else. */
export function parseHash(text: string): PasswordHash {
  const found =
    /^\$scrypt\$ln=(\d+),r=(\d+),p=(\d+)\$([A-Za-z0-9+/]{22})\$([A-Za-z0-9+/]{43})$/.exec(text);
  const [, ln, r, p, salt = '', hash = ''] = found ?? [];
  const cost = Parts.safeParse({ ln, r, p });
  if (!cost.success) throw new Error('a stored password hash cannot be read');
  return { ...cost.data, salt: Buffer.from(salt, 'base64'), hash: Buffer.from(hash, 'base64') };
}

/** Whether two hashes cost the same. */
export const isSameCost = (one: HashCost, other: HashCost): boolean =>
  one.ln === other.ln && one.r === other.r && one.p === other.p;

const base64 = (bytes: Buffer): string => bytes.toString('base64').replace(/=+$/, '');
