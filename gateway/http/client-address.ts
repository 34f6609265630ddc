import { isIP } from 'node:net';
import type { Request } from 'express';

/** The client's address as far as the configured proxies are trusted; never any other text. */
export function addressOf(req: Request): string {
  const told = bareAddress(req.ip ?? '');
  const address = isIP(told) === 0 ? (req.socket.remoteAddress ?? '') : told;
  return address.replace(/^::ffff:/, '');
}

/** `192.0.2.1:4711` and `[2001:db8::1]:4711` as the address alone; anything else as it is. */
export function bareAddress(text: string): string {
  return /^\[([0-9a-f:.]+)\](?::\d+)?$/i.exec(text)?.[1] ?? text.replace(/^([\d.]+):\d+$/, '$1');
}
