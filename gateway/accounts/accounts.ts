import { randomBytes } from 'node:crypto';
import { GatewayError } from '../errors.ts';
import { LIMITS } from '../limits/limits.ts';
import type { Role, Rooms } from '../protocol/role.ts';
import type { Store } from '../store/store.ts';
import { AccountRow, isFullAdmin, nameKey, type Account } from './account.ts';

/** An account that is not there yet; `hash` as `Passwords` makes it. */
export type NewAccount = Pick<Account, 'name' | 'role' | 'rooms' | 'hash'>;

/** What of an account can be changed. */
export interface AccountChange {
  readonly role?: Role | undefined;
  readonly rooms?: Rooms | undefined;
  readonly hash?: string | undefined;
  readonly isDisabled?: boolean | undefined;
}

/** Rooms, role and state of the last row that can administer everything must stay as they are. */
const ANOTHER_ADMIN = `EXISTS (SELECT 1 FROM accounts
  WHERE role = 'admin' AND rooms = '"*"' AND disabled = 0 AND id <> ?)`;

/** The local accounts: looked up in memory, kept in `users.db`, which the command line writes as well. */
export class Accounts {
  readonly #store: Store;
  readonly #now: () => number;
  #byId = new Map<string, Account>();
  #byName = new Map<string, Account>();
  #dataVersion: unknown;
  #onChange: () => void = () => undefined;

  constructor({ store, now }: { readonly store: Store; readonly now: () => number }) {
    this.#store = store;
    this.#now = now;
  }

  get size(): number {
    return this.#byId.size;
  }

  /** Called back whenever something may have ended with a change of an account. */
  onChange(listener: () => void): void {
    this.#onChange = listener;
  }

  /** Reads all accounts anew. */
  async load(): Promise<void> {
    const rows = await this.#store.all('SELECT * FROM accounts ORDER BY name_key');
    const accounts = rows.map((row) => AccountRow.parse(row));
    this.#byId = new Map(accounts.map((account) => [account.id, account]));
    this.#byName = new Map(accounts.map((account) => [nameKey(account.name), account]));
    this.#onChange();
  }

  /** A row of another gateway, before it is kept here: it counts at once. */
  hear(row: unknown): void {
    const account = AccountRow.safeParse(row).data;
    const own = account && this.#byId.get(account.id);
    if (account === undefined || (own !== undefined && own.version >= account.version)) return;
    if (own === undefined && this.#byName.has(nameKey(account.name))) return;
    this.#byId.set(account.id, account);
    this.#byName.set(nameKey(account.name), account);
    this.#onChange();
  }

  /** Reads them anew when another process has written. */
  async refresh(): Promise<void> {
    const [row] = await this.#store.all('PRAGMA data_version');
    const version = row?.['data_version'];
    if (version === this.#dataVersion) return;
    this.#dataVersion = version;
    await this.load();
  }

  /** All of them, by name. */
  list(): readonly Account[] {
    return [...this.#byId.values()];
  }

  byId(id: string): Account | undefined {
    return this.#byId.get(id);
  }

  /** In any spelling. */
  byName(name: string): Account | undefined {
    return this.#byName.get(nameKey(name));
  }

  /** @throws GatewayError `name-taken`, `capacity` */
  async add({ name, role, rooms, hash }: NewAccount): Promise<Account> {
    if (this.size >= LIMITS.accounts) {
      throw new GatewayError('capacity', 'There are too many accounts.', { retryAfterSeconds: 60 });
    }
    const id = randomBytes(9).toString('base64url');
    const key = nameKey(name);
    const [result] = await this.#store.write([
      {
        sql: `INSERT INTO accounts (id, name, name_key, role, rooms, hash, created_at)
              SELECT ?, ?, ?, ?, ?, ?, ? WHERE NOT EXISTS (SELECT 1 FROM accounts WHERE name_key = ?)`,
        params: [id, name, key, role, JSON.stringify(rooms), hash, this.#now(), key],
      },
    ]);
    await this.load();
    const account = this.byId(id);
    if (result?.changes !== 1 || account === undefined) {
      throw new GatewayError('name-taken', 'There is an account of this name already.');
    }
    return account;
  }

  /**
   * Changes what is named, unless the account changed meanwhile; everything that it gave ends.
   * @throws GatewayError `precondition-failed`, `last-admin`
   */
  async change(account: Account, change: AccountChange): Promise<Account> {
    const next: Account = {
      ...account,
      role: change.role ?? account.role,
      rooms: change.rooms ?? account.rooms,
      hash: change.hash ?? account.hash,
      isDisabled: change.isDisabled ?? account.isDisabled,
    };
    const [guard, ...guarded] = loss(account, next);
    await this.#writeOne(account, {
      sql: `UPDATE accounts SET role = ?, rooms = ?, hash = ?, disabled = ?, version = version + 1
            WHERE id = ? AND version = ?${guard}`,
      params: [
        ...[next.role, JSON.stringify(next.rooms), next.hash, next.isDisabled ? 1 : 0],
        ...[account.id, account.version, ...guarded],
      ],
    });
    return this.byId(account.id) ?? account;
  }

  /** @throws GatewayError `precondition-failed`, `last-admin` */
  async delete(account: Account): Promise<void> {
    const [guard, ...guarded] = loss(account, undefined);
    await this.#writeOne(account, {
      sql: `DELETE FROM accounts WHERE id = ? AND version = ?${guard}`,
      params: [account.id, account.version, ...guarded],
    });
  }

  /** Notes a login, and the hash that was made anew at it; neither is a change. */
  async noteLogin(account: Account, at: number, hash?: string): Promise<void> {
    const { id, name, version } = account;
    const next = { ...account, lastLoginAt: at, hash: hash ?? account.hash };
    if (this.byId(id)?.version === version) {
      this.#byId.set(id, next);
      this.#byName.set(nameKey(name), next);
    }
    await this.#store.write([
      {
        sql: `UPDATE accounts SET last_login_at = ?, hash = coalesce(?, hash)
              WHERE id = ? AND version = ?`,
        params: [at, hash ?? null, id, version],
      },
    ]);
  }

  async #writeOne(
    { id, version }: Account,
    statement: { readonly sql: string; readonly params: (string | number)[] },
  ): Promise<void> {
    const [result] = await this.#store.write([statement]);
    await this.load();
    if (result?.changes === 1) return;
    if (this.byId(id)?.version === version) {
      throw new GatewayError('last-admin', 'This is the last account that can administer all.');
    }
    throw new GatewayError('precondition-failed', 'The account has changed. Read it again.');
  }
}

/** What keeps the last full administrator: a condition with its parameter, or none. */
function loss(before: Account, after: Account | undefined): readonly [string, ...string[]] {
  const isLost = isFullAdmin(before) && (after === undefined || !isFullAdmin(after));
  return isLost ? [` AND ${ANOTHER_ADMIN}`, before.id] : [''];
}
