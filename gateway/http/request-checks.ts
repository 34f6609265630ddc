import type { NextFunction, Request, Response } from 'express';
import { GatewayError } from '../errors.ts';
import { LIMITS } from '../limits/limits.ts';

/** RFC 3986 §3.2 without user and percent-encoding: what a Host of ours can look like. */
const AUTHORITY = /^(?:\[[0-9a-f:.]{2,45}\]|[a-z0-9._-]{1,253})(?::\d{1,5})?$/i;

/** Whether a text is a host, with a port or without. */
export const isAuthority = (text: string): boolean => AUTHORITY.test(text);

/**
 * What is wrong with a request whatever it asks for, by its head alone: headers (X32) and Host (X12).
 * @throws GatewayError
 */
export function checkHead(req: Request, res: Response, next: NextFunction): void {
  // Of a body without a length nobody knows how much follows a refusal.
  if (req.headers['transfer-encoding'] !== undefined) res.set('Connection', 'close');
  if (req.rawHeaders.length > LIMITS.headers * 2) {
    throw new GatewayError('headers-too-large', `More than ${LIMITS.headers} headers.`);
  }
  checkHost(req);
  // 413 has its turn where a body would be read; whatever is answered first, nothing of it is.
  if (Number(req.headers['content-length'] ?? 0) > LIMITS.bodyBytes) res.set('Connection', 'close');
  next();
}

/** Two readers could choose differently among two (RFC 9112 §3.2); node takes the first. */
function checkHost({ headersDistinct, url }: Request): void {
  const hosts = headersDistinct['host'] ?? [];
  if (hosts.length > 1) throw new GatewayError('bad-request', 'The request has two Host headers.');
  const [host] = hosts;
  // HTTP/1.0 may come without.
  if (host !== undefined && host !== '' && !isAuthority(host)) {
    throw new GatewayError('bad-request', 'The Host header is not a host.');
  }
  const target = /^https?:\/\/([^/?#]*)/i.exec(url)?.[1];
  if (target !== undefined && target.toLowerCase() !== host?.toLowerCase()) {
    throw new GatewayError('bad-request', 'The request names two hosts.');
  }
}
