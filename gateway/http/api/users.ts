import { Router } from 'express';
import { nameKey, type Account } from '../../accounts/account.ts';
import type { Accounts } from '../../accounts/accounts.ts';
import type { Passwords } from '../../accounts/passwords.ts';
import type { AuditLog } from '../../audit/audit-log.ts';
import { GatewayError } from '../../errors.ts';
import {
  changeUser,
  createUser,
  deleteUser,
  getUser,
  listUsers,
  UserName,
  type UserView,
} from '../../protocol/api/users.ts';
import type { AdminAccess } from '../admin-access.ts';
import { actOf } from '../audit-entry.ts';
import { readCursor, writeCursor } from './cursor.ts';
import { serve } from './serve-operation.ts';

export interface UserRouteDeps extends AdminAccess {
  readonly accounts: Accounts;
  readonly passwords: Passwords;
  readonly audit: AuditLog;
}

/** `/api/v1/users`: accounts, for administrators of everything. */
export function userRoutes(deps: UserRouteDeps): Router {
  const { accounts, passwords, audit } = deps;
  const router = Router({ caseSensitive: true, strict: true });

  serve(router, deps, listUsers, ({ query: { cursor, limit, q = '' } }) => {
    const after = readCursor(cursor, UserName);
    const found = accounts.list().filter(({ name }) => nameKey(name).includes(nameKey(q)));
    const byName = found.toSorted((a, b) => (nameKey(a.name) < nameKey(b.name) ? -1 : 1));
    const rest =
      after === undefined ? byName : byName.filter(({ name }) => nameKey(name) > nameKey(after));
    const items = rest.slice(0, limit);
    const last = items.at(-1);
    return {
      items: items.map(viewOf),
      next: rest.length > limit && last !== undefined ? writeCursor(last.name) : null,
      total: found.length,
    };
  });
  serve(router, deps, createUser, async ({ body: { password, ...user }, req, res }) => {
    if (accounts.byName(user.name) !== undefined) {
      throw new GatewayError('name-taken', 'There is an account of this name already.');
    }
    const hash = await passwords.hash(password);
    const account = await accounts.add({ ...user, hash });
    audit.acted(actOf(req, res, { act: 'user-created', target: targetOf(account) }));
    return viewOf(account);
  });
  serve(router, deps, getUser, ({ params }) => versioned(accountOf(params.id)));
  serve(router, deps, changeUser, async ({ params, body, req, res, requireVersion }) => {
    const account = accountOf(params.id);
    requireVersion(account.version);
    const { password, disabled: isDisabled, ...rest } = body;
    const hash = password === undefined ? undefined : await passwords.hash(password);
    const changed = await accounts.change(account, { ...rest, hash, isDisabled });
    const target = { ...targetOf(changed), changed: Object.keys(body) };
    audit.acted(actOf(req, res, { act: 'user-changed', target }));
    return versioned(changed);
  });
  serve(router, deps, deleteUser, async ({ params, req, res, requireVersion }) => {
    const account = accountOf(params.id);
    requireVersion(account.version);
    await accounts.delete(account);
    audit.acted(actOf(req, res, { act: 'user-deleted', target: targetOf(account) }));
    return undefined;
  });

  function accountOf(id: string): Account {
    const account = accounts.byId(id);
    if (account !== undefined) return account;
    throw new GatewayError('not-found', 'There is no such account, or no longer.');
  }
  return router;
}

const versioned = (account: Account) => ({ version: account.version, value: viewOf(account) });

const viewOf = ({ hash: _, isDisabled: disabled, ...account }: Account): UserView => ({
  ...account,
  disabled,
});

const targetOf = ({ name, role, rooms }: Account) => ({ user: name, role, rooms });
