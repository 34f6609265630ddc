import type { NextFunction, Request, Response } from 'express';
import { GatewayError } from '../errors.ts';

const METHODS = 'GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS';
/** `Authorization` by name: `*` does not cover it. `ETag` is sent as a request header by one player. */
const REQUEST_HEADERS = 'Authorization, Content-Type, If-Match, ETag';
const EXPOSED =
  'Location, ETag, Link, Accept-Post, Accept-Patch, Retry-After, WWW-Authenticate, Access-Control-Allow-Methods';
/** One day; browsers cap it lower. */
const MAX_AGE_SECONDS = '86400';

/**
 * CORS for the endpoints that players of other origins call (Fetch standard). No cookies are used,
 * so `*` gives nobody another's rights. With a list, only exact origins are let in.
 */
export function cors({
  origins,
  privateNetworkAccess,
}: {
  readonly origins: readonly string[];
  /** Whether pages of public addresses may call us at a private one. */
  readonly privateNetworkAccess: boolean;
}) {
  const any = origins.includes('*');
  return (req: Request, res: Response, next: NextFunction): void => {
    const origin = req.get('origin');
    if (!any) res.vary('Origin');
    if (origin === undefined) {
      next();
      return;
    }
    const sameOrigin = origin === `${req.protocol}://${req.get('host') ?? ''}`;
    if (!any && !sameOrigin && !origins.includes(origin)) {
      next(
        req.method === 'OPTIONS'
          ? undefined
          : new GatewayError('origin-forbidden', 'This web origin may not call here.'),
      );
      return;
    }
    res.set('Access-Control-Allow-Origin', any ? '*' : origin);
    res.set('Access-Control-Expose-Headers', EXPOSED);
    res.set('Access-Control-Allow-Methods', METHODS);
    if (req.method === 'OPTIONS') {
      res.set('Access-Control-Allow-Headers', REQUEST_HEADERS);
      res.set('Access-Control-Max-Age', MAX_AGE_SECONDS);
      if (privateNetworkAccess && req.get('access-control-request-private-network') === 'true') {
        res.set('Access-Control-Allow-Private-Network', 'true');
      }
    }
    next();
  };
}
