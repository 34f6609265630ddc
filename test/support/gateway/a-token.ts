import { createHmac, randomUUID } from 'node:crypto';
import jwt from 'jsonwebtoken';

/** The secret of every gateway under test. */
export const JWT_SECRET = 'a secret for tests, 32 characters or more';

export interface TokenOptions {
  readonly sub?: string;
  readonly room?: string;
  readonly sources?: readonly string[];
  readonly can?: readonly string[];
  /** Life from now; negative: it has run out. */
  readonly seconds?: number;
  readonly secret?: string;
}

/** A token as an integrator would sign it: anna may publish and watch in `demo` for an hour. */
export function aToken(options: TokenOptions = {}): string {
  const { sub = 'anna', room = 'demo', sources, can = ['publish', 'watch'] } = options;
  const { seconds = 3600, secret = JWT_SECRET } = options;
  const exp = Math.floor(Date.now() / 1000) + seconds;
  const claims = { sub, room, can, exp, jti: randomUUID(), ...(sources ? { sources } : {}) };
  return jwt.sign(claims, secret, { algorithm: 'HS256', noTimestamp: true });
}

/** An administrator of the whole gateway. */
export const anAdminToken = (options: TokenOptions = {}): string =>
  aToken({ sub: 'root', room: '*', can: ['admin'], ...options });

/** A token of exactly these header and claims, whatever they are, signed with HMAC. */
export function aForgedToken(
  header: object | string,
  claims: object | string,
  key: string = JWT_SECRET,
): string {
  const encode = (part: object | string): string =>
    Buffer.from(typeof part === 'string' ? part : JSON.stringify(part)).toString('base64url');
  const signed = `${encode(header)}.${encode(claims)}`;
  return `${signed}.${createHmac('sha256', key).update(signed).digest('base64url')}`;
}
