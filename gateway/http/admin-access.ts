import type { NextFunction, Request, RequestHandler, Response } from 'express';
import type { AdminLogin } from '../auth/admin-login.ts';
import type { Grant } from '../auth/grant.ts';
import type { Tokens } from '../auth/tokens.ts';
import { GatewayError } from '../errors.ts';
import { baseUrlOf } from './base-url.ts';
import { bearerOf } from './bearer.ts';

/** By what an administrator is known: a token, or the password where one is configured. */
export interface AdminAccess {
  readonly tokens: Tokens;
  readonly adminLogin: AdminLogin | undefined;
  readonly publicUrl: string | undefined;
}

/** Methods that change nothing. */
const SAFE = new Set(['GET', 'HEAD']);

/**
 * The grant of an API request, by token or password.
 * @throws GatewayError; only a request without a token is asked for a password, because browsers
 *   open a dialogue for that.
 */
export async function accessGrant(req: Request, access: AdminAccess): Promise<Grant> {
  const { tokens, adminLogin } = access;
  const scheme = schemeOf(req);
  if (adminLogin === undefined || (scheme !== undefined && scheme !== 'basic')) {
    return await tokens.verify(bearerOf(req));
  }
  const grant = passwordGrant(req, adminLogin);
  if (!SAFE.has(req.method)) requireSameOrigin(req, access.publicUrl);
  return grant;
}

/** Lets only who has the password on; everybody where none is configured. */
export const requirePassword =
  ({ adminLogin }: Pick<AdminAccess, 'adminLogin'>): RequestHandler =>
  (req: Request, _res: Response, next: NextFunction): void => {
    if (adminLogin !== undefined) passwordGrant(req, adminLogin);
    next();
  };

function passwordGrant(req: Request, adminLogin: AdminLogin): Grant {
  if (schemeOf(req) !== 'basic') {
    throw new GatewayError('login-missing', 'Log in as administrator, or send a token.');
  }
  const credentials = /^basic +([A-Za-z0-9+/_-]+=*) *$/i.exec(req.get('authorization') ?? '')?.[1];
  const grant = credentials === undefined ? undefined : adminLogin.check(credentials);
  if (grant === undefined) throw new GatewayError('login-invalid', 'User or password is wrong.');
  return grant;
}

/**
 * Browsers add a password by themselves, whoever's page asks: a write must come from our own page,
 * or from no browser at all (Fetch Metadata; `Origin` where that is not sent).
 */
function requireSameOrigin(req: Request, publicUrl: string | undefined): void {
  const site = req.get('sec-fetch-site');
  const origin = req.get('origin');
  const own = new URL(baseUrlOf(req, publicUrl) || 'http://unknown.invalid').origin;
  const ours =
    site === undefined
      ? origin === undefined || origin === own
      : site === 'same-origin' || site === 'none';
  if (!ours) throw new GatewayError('origin-forbidden', 'This web origin may not call here.');
}

const schemeOf = (req: Request): string | undefined =>
  req.get('authorization')?.trim().split(' ', 1)[0]?.toLowerCase();
