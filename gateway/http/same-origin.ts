import type { Request } from 'express';
import { GatewayError } from '../errors.ts';
import { baseUrlOf } from './base-url.ts';

/** Methods that change nothing. */
const SAFE = new Set(['GET', 'HEAD']);

/** Whether a request may change something. */
export const isWrite = ({ method }: Request): boolean => !SAFE.has(method);

/**
 * Browsers add passwords and cookies by themselves, whoever's page asks: a write must come from our own
 * page, or from no browser at all (Fetch Metadata; `Origin` where that is not sent).
 * @throws GatewayError `origin-forbidden`
 */
export function requireSameOrigin(req: Request, publicUrl: string | undefined): void {
  const site = req.get('sec-fetch-site');
  const origin = req.get('origin');
  const own = new URL(baseUrlOf(req, publicUrl) || 'http://unknown.invalid').origin;
  const ours =
    site === undefined
      ? origin === undefined || origin === own
      : site === 'same-origin' || site === 'none';
  if (!ours) throw new GatewayError('origin-forbidden', 'This web origin may not call here.');
}
