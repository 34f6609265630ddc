import { createHmac, randomUUID } from 'node:crypto';

const LIFE_SECONDS = 24 * 3600;

/** A publishing token for one room, signed with the key that `npm start` keeps in its data folder. */
export function mintLocalToken(secret: string, room: string, nowMs: number): string {
  const encode = (part: object): string => Buffer.from(JSON.stringify(part)).toString('base64url');
  const exp = Math.floor(nowMs / 1000) + LIFE_SECONDS;
  const claims = { sub: 'host', room, can: ['publish', 'host'], exp, jti: randomUUID() };
  const signed = `${encode({ alg: 'HS256', typ: 'JWT' })}.${encode(claims)}`;
  return `${signed}.${createHmac('sha256', secret).update(signed).digest('base64url')}`;
}
