import { randomUUID } from 'node:crypto';
import { Router, type Request, type Response } from 'express';
import { grantOf } from '../../accounts/account.ts';
import type { Accounts } from '../../accounts/accounts.ts';
import type { LoginDesk } from '../../accounts/login-desk.ts';
import { csrfOf, type Login } from '../../accounts/logins.ts';
import type { Passwords } from '../../accounts/passwords.ts';
import type { AuditLog } from '../../audit/audit-log.ts';
import { hasRights, type Grant } from '../../auth/grant.ts';
import { isStanding } from '../../auth/handing-on.ts';
import { GatewayError } from '../../errors.ts';
import { addressKey } from '../../limits/address-key.ts';
import {
  changeMyPassword,
  getMe,
  login,
  logout,
  mintMyToken,
  type MeView,
} from '../../protocol/api/login.ts';
import type { Role } from '../../protocol/role.ts';
import { accessGrant, loginExpired, type AdminAccess } from '../admin-access.ts';
import { actOf } from '../audit-entry.ts';
import { noteCaller } from '../caller.ts';
import { addressOf } from '../client-address.ts';
import {
  clearLoginCookie,
  deviceCookieOf,
  loginCookieOf,
  setLoginCookies,
} from '../login-cookie.ts';
import type { RateLimits } from '../rate-limit.ts';
import { requireSameOrigin } from '../same-origin.ts';
import { serve } from './serve-operation.ts';

export interface LoginRouteDeps extends AdminAccess {
  readonly accounts: Accounts;
  readonly passwords: Passwords;
  readonly loginDesk: LoginDesk;
  readonly limits: RateLimits;
  readonly audit: AuditLog;
  /** Ends the sessions of grants that were taken back by now. */
  readonly endRevoked: () => void;
  readonly now: () => number;
}

/** `/api/v1/login`, `/logout` and `/me`: who is there, and as whom. */
export function loginRoutes(deps: LoginRouteDeps): Router {
  const { accounts, passwords, loginDesk, logins, tokens, audit, now } = deps;
  const router = Router({ caseSensitive: true, strict: true });

  serve(router, deps, login, async ({ body, req, res }) => {
    requireSameOrigin(req, deps.publicUrl);
    await deps.limits.takeLogin(req);
    const address = addressKey(addressOf(req));
    const entered = await loginDesk.enter({ ...body, address, device: deviceCookieOf(req) });
    await closeLoginOf(req);
    const view = welcome(req, res, entered);
    audit.acted(actOf(req, res, { act: 'logged-in', target: { login: entered.login.id } }));
    return view;
  });
  serve(router, deps, logout, async ({ req, res }) => {
    await closeLoginOf(req);
    clearLoginCookie(req, res);
    deps.endRevoked();
    audit.acted(actOf(req, res, { act: 'logged-out', target: {} }));
    return undefined;
  });
  serve(router, deps, getMe, async ({ req }) => {
    const isSomebody = req.headers.authorization !== undefined || loginCookieOf(req) !== undefined;
    if (!isSomebody) throw loginExpired();
    const grant = await accessGrant(req, deps);
    noteCaller(req, grant);
    return meView(req, grant);
  });
  serve(router, deps, mintMyToken, ({ grant, body: { room, sources, can, ttlSeconds } }) => {
    if (!isStanding(grant)) throw forAccounts();
    if (!hasRights(grant, { room, sources, can })) {
      throw new GatewayError('scope-insufficient', 'Your account does not allow that here.');
    }
    const exp = Math.floor(Math.min(now() + ttlSeconds * 1000, grant.expiresAt) / 1000);
    const jti = randomUUID();
    const token = tokens.mint({
      ...{ sub: grant.subject, room, can, exp, jti },
      ...(sources === undefined ? {} : { sources }),
      ...(grant.origin === undefined ? {} : { pixelcast: grant.origin }),
    });
    return { token, expiresAt: exp * 1000, jti };
  });
  serve(router, deps, changeMyPassword, async ({ grant, body, req, res }) => {
    const account = isStanding(grant) ? accounts.byId(grant.origin?.account ?? '') : undefined;
    if (account === undefined) throw forAccounts();
    await deps.limits.takeLogin(req);
    const device = deviceCookieOf(req);
    const address = addressKey(addressOf(req));
    await loginDesk.check({ name: account.name, password: body.current, address, device });
    const hash = await passwords.hash(body.password);
    await accounts.change(account, { hash });
    audit.acted(actOf(req, res, { act: 'password-changed', target: { user: account.name } }));
    if (grant.origin?.login === undefined) return meView(req, grant);
    const { name } = account;
    const entered = await loginDesk.enter({ name, password: body.password, address, device });
    return welcome(req, res, entered);
  });

  /** Sets the cookies of a new login; its browser keeps nothing of an earlier one. */
  function welcome(
    req: Request,
    res: Response,
    entered: { readonly cookie: string; readonly device: string; readonly login: Login },
  ): MeView {
    const { cookie, login: opened } = entered;
    const account = accounts.byId(opened.account);
    if (account === undefined) throw loginExpired();
    setLoginCookies(req, res, entered);
    const until = logins.endOf(opened);
    const grant = grantOf(account, { since: opened.startedAt, until, login: opened.id });
    noteCaller(req, grant);
    return { ...meView(req, grant), csrf: csrfOf(cookie) };
  }

  async function closeLoginOf(req: Request): Promise<void> {
    const found = logins.find(loginCookieOf(req) ?? '');
    if (found !== undefined) await logins.close(found.login);
  }
  return router;
}

function meView(req: Request, grant: Grant): MeView {
  const { subject: name, room, can, expiresAt, origin } = grant;
  const cookie = origin?.login !== undefined && isStanding(grant) ? loginCookieOf(req) : undefined;
  return {
    name,
    role: roleOf(grant),
    rooms: room === '*' ? '*' : [room].flat(),
    can: [...can],
    csrf: cookie === undefined ? null : csrfOf(cookie),
    expiresAt: Number.isFinite(expiresAt) ? expiresAt : null,
  };
}

/** The role whose rights come closest to a grant's. */
function roleOf({ can }: Grant): Role {
  if (can.includes('admin')) return 'admin';
  if (can.includes('operate')) return 'operator';
  return can.includes('publish') ? 'presenter' : 'viewer';
}

const forAccounts = (): GatewayError =>
  new GatewayError('scope-insufficient', 'This is for accounts: log in with name and password.');
