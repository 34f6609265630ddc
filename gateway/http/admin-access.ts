import type { NextFunction, Request, RequestHandler, Response } from 'express';
import { grantOf } from '../accounts/account.ts';
import type { BasicLogin } from '../accounts/basic-login.ts';
import { isCsrf, type Logins } from '../accounts/logins.ts';
import type { AdminLogin } from '../auth/admin-login.ts';
import type { Grant } from '../auth/grant.ts';
import { revokedToken } from '../auth/token-failure.ts';
import type { Tokens } from '../auth/tokens.ts';
import { GatewayError } from '../errors.ts';
import { addressKey } from '../limits/address-key.ts';
import { bearerOf } from './bearer.ts';
import { addressOf } from './client-address.ts';
import { loginCookieOf } from './login-cookie.ts';
import { isWrite, requireSameOrigin } from './same-origin.ts';

/** By what somebody is known to the API: a token, a password, or the cookie of a login. */
export interface AdminAccess {
  readonly tokens: Tokens;
  readonly adminLogin: AdminLogin | undefined;
  readonly logins: Logins;
  /** Where accounts are taken by HTTP Basic. */
  readonly basicLogin: BasicLogin | undefined;
  /** Whether a grant was taken back. */
  readonly isRevoked: (grant: Grant) => boolean;
  readonly publicUrl: string | undefined;
}

/**
 * The grant of an API request.
 * @throws GatewayError; only a request without a token is asked for a password, because browsers
 *   open a dialogue for that.
 */
export async function accessGrant(req: Request, access: AdminAccess): Promise<Grant> {
  const scheme = schemeOf(req);
  const { adminLogin, basicLogin } = access;
  if (scheme === 'basic' && (adminLogin ?? basicLogin) !== undefined) {
    const grant = await passwordGrant(req, access);
    if (isWrite(req)) requireSameOrigin(req, access.publicUrl);
    return grant;
  }
  const cookie = scheme === undefined ? loginCookieOf(req) : undefined;
  if (cookie !== undefined) return cookieGrant(req, cookie, access);
  if (scheme === undefined && adminLogin !== undefined) throw loginMissing();
  return await access.tokens.verify(bearerOf(req));
}

/** Lets only who has a password or is logged in on; everybody where no password is configured. */
export const requirePassword =
  (access: AdminAccess): RequestHandler =>
  async (req: Request, _res: Response, next: NextFunction): Promise<void> => {
    if (
      access.adminLogin !== undefined &&
      access.logins.find(loginCookieOf(req) ?? '') === undefined
    ) {
      await passwordGrant(req, access);
    }
    next();
  };

/** @throws GatewayError `login-missing`, `login-invalid`, `rate-limited`, `capacity` */
async function passwordGrant(
  req: Request,
  { adminLogin, basicLogin }: AdminAccess,
): Promise<Grant> {
  if (schemeOf(req) !== 'basic') throw loginMissing();
  const credentials = /^basic +([A-Za-z0-9+/_-]+=*) *$/i.exec(req.get('authorization') ?? '')?.[1];
  const grant = credentials === undefined ? undefined : adminLogin?.check(credentials);
  if (grant !== undefined) return grant;
  if (credentials === undefined || basicLogin === undefined) {
    throw new GatewayError('login-invalid', 'User or password is wrong.');
  }
  const account = await basicLogin.check(credentials, addressKey(addressOf(req)));
  return grantOf(account, { since: Date.now(), until: Infinity });
}

/** A login by cookie is good for what our own pages ask. @throws GatewayError */
function cookieGrant(
  req: Request,
  cookie: string,
  { logins, isRevoked, publicUrl }: AdminAccess,
): Grant {
  const found = logins.find(cookie);
  if (found === undefined) throw loginExpired();
  if (isWrite(req)) {
    requireSameOrigin(req, publicUrl);
    if (!isCsrf(cookie, req.get('x-csrf-token') ?? '')) {
      throw new GatewayError('csrf-invalid', 'Send "X-CSRF-Token" with the value of /api/v1/me.');
    }
  }
  const { login, account } = found;
  const until = logins.endOf(login);
  const grant = grantOf(account, { since: login.startedAt, until, login: login.id });
  if (isRevoked(grant)) throw revokedToken();
  return grant;
}

/** There is no login, or no longer; pages ask for one. */
export const loginExpired = (): GatewayError =>
  new GatewayError('login-expired', 'Nobody is logged in here, or no longer. Log in.');

const loginMissing = (): GatewayError =>
  new GatewayError('login-missing', 'Log in as administrator, or send a token.');

const schemeOf = (req: Request): string | undefined =>
  req.get('authorization')?.trim().split(' ', 1)[0]?.toLowerCase();
