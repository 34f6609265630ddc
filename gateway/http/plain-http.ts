import { BlockList, isIP } from 'node:net';
import type { NextFunction, Request, Response } from 'express';
import { isLoopback } from '../config/loopback.ts';
import { GatewayError } from '../errors.ts';

/** From where plain HTTP is taken: this machine, also private networks, or everywhere. */
export type PlainHttp = 'loopback' | 'private' | 'anywhere';

/**
 * Refuses what would carry tokens and media keys over a network in the clear (RFC 9725 §5). HTTPS
 * at a trusted proxy counts; preflights pass, so that a script can read the refusal.
 */
export const requireHttps =
  (plain: PlainHttp) =>
  (req: Request, _res: Response, next: NextFunction): void => {
    if (req.secure || req.method === 'OPTIONS' || isNear(req.ip ?? '', plain)) {
      next();
      return;
    }
    throw new GatewayError(
      'https-required',
      'Use https. Behind a proxy, name it in TRUSTED_PROXIES and let it send X-Forwarded-Proto.',
    );
  };

function isNear(address: string, plain: PlainHttp): boolean {
  if (plain === 'anywhere' || isLoopback(address)) return true;
  const bare = address.replace(/^::ffff:/i, '');
  return plain === 'private' && PRIVATE.check(bare, isIP(bare) === 6 ? 'ipv6' : 'ipv4');
}

/** RFC 1918, RFC 3927, RFC 4193, RFC 4291 §2.5.6. */
const PRIVATE = new BlockList();
for (const [network, bits] of [
  ['10.0.0.0', 8],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
  ['169.254.0.0', 16],
] as const) {
  PRIVATE.addSubnet(network, bits, 'ipv4');
}
PRIVATE.addSubnet('fc00::', 7, 'ipv6');
PRIVATE.addSubnet('fe80::', 10, 'ipv6');
