import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import { LIMITS } from '../limits/limits.ts';
import type { Store } from '../store/store.ts';
import type { Account } from './account.ts';
import type { Accounts } from './accounts.ts';

/** Of 256 bits; nothing of it is kept but its hash. */
const COOKIE_BYTES = 32;
const COOKIE = /^[A-Za-z0-9_-]{43}$/;

/** Somebody who has logged in with a browser. Times are epoch milliseconds. */
export interface Login {
  readonly id: string;
  readonly account: string;
  /** Of the account, then: a change of it ends the login. */
  readonly version: number;
  readonly startedAt: number;
  seenAt: number;
}

/** One row of the table `logins`. */
export const LoginRow = z.object({
  hash: z.string(),
  id: z.string(),
  account: z.string(),
  version: z.number(),
  started_at: z.number(),
  seen_at: z.number(),
});

export interface LoginRules {
  /** Without a request for so long it ends. */
  readonly idleMs: number;
  /** It ends after so long whatever happens. */
  readonly longestMs: number;
}

export interface LoginsDeps {
  readonly store: Store;
  readonly accounts: Accounts;
  readonly rules: LoginRules;
  /** So much later another gateway may tell of an account, or that a login was seen; 0 unless told. */
  readonly slackMs?: number;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

/** Who is logged in, found by the hash of a cookie; looked up in memory, kept through a restart. */
export class Logins {
  readonly #deps: LoginsDeps;
  readonly #byHash = new Map<string, Login>();
  readonly #hashes = new Map<string, string>();
  readonly #unsaved = new Set<string>();

  constructor(deps: LoginsDeps) {
    this.#deps = deps;
  }

  get size(): number {
    return this.#byHash.size;
  }

  async load(): Promise<void> {
    const rows = await this.#deps.store.all('SELECT * FROM logins ORDER BY seen_at');
    for (const row of rows) this.#read(row);
  }

  /** A row of another gateway, before it is kept here: it counts at once. */
  hear(hash: string, row: unknown): void {
    if (row === null) this.#drop(hash);
    else this.#read(row);
  }

  /** What the table has of these, which others may have written. */
  async reload(hashes: readonly string[]): Promise<void> {
    const sql = 'SELECT * FROM logins WHERE hash IN (SELECT value FROM json_each(?))';
    const rows = await this.#deps.store.all(sql, [JSON.stringify(hashes)]);
    for (const hash of hashes) {
      const row = rows.find((each) => each['hash'] === hash);
      if (row === undefined) this.#drop(hash);
      else this.#read(row);
    }
  }

  /** Logs an account in; resolves with the cookie, which nobody can be told again. */
  async open({ id: account, version }: Account): Promise<{ cookie: string; login: Login }> {
    await this.#makeRoom(account);
    const cookie = randomBytes(COOKIE_BYTES).toString('base64url');
    const startedAt = this.#deps.now();
    const id = randomBytes(9).toString('base64url');
    const login: Login = { id, account, version, startedAt, seenAt: startedAt };
    const hash = hashOf(cookie);
    this.#put(hash, login);
    await this.#deps.store.write([
      {
        sql: 'INSERT INTO logins (hash, id, account, version, started_at, seen_at) VALUES (?, ?, ?, ?, ?, ?)',
        params: [hash, id, account, version, startedAt, startedAt],
      },
    ]);
    return { cookie, login };
  }

  /** The login of a cookie and its account, as long as both are good; being asked keeps it from idling. */
  find(cookie: string): { readonly login: Login; readonly account: Account } | undefined {
    const hash = COOKIE.test(cookie) ? hashOf(cookie) : '';
    const login = this.#byHash.get(hash);
    const account = login === undefined ? undefined : this.#accountOf(login);
    if (login === undefined || account === undefined) return undefined;
    login.seenAt = this.#deps.now();
    this.#unsaved.add(hash);
    return { login, account };
  }

  /** Whether a login of this id is good still. */
  isOpen(id: string): boolean {
    const login = this.#byHash.get(this.#hashes.get(id) ?? '');
    return login !== undefined && this.#accountOf(login) !== undefined;
  }

  /** When a login ends at the latest. */
  endOf({ startedAt }: Login): number {
    return startedAt + this.#deps.rules.longestMs;
  }

  /** Logs out. */
  async close(login: Login): Promise<void> {
    await this.#delete([this.#hashes.get(login.id) ?? '']);
  }

  /** Forgets what has ended, and keeps when the others were seen. */
  async tidy(): Promise<void> {
    const ended = [...this.#byHash].filter(([, login]) => this.#isOver(login));
    await this.keepSeen();
    await this.#delete(ended.map(([hash]) => hash));
  }

  /** Keeps when they were seen: another gateway may be asked next. */
  async keepSeen(): Promise<void> {
    const seen = [...this.#unsaved].flatMap((hash) => {
      const at = this.#byHash.get(hash)?.seenAt;
      return at === undefined ? [] : [{ sql: SEEN, params: [at, hash] }];
    });
    this.#unsaved.clear();
    if (seen.length > 0) await this.#deps.store.write(seen);
  }

  /** Whether it has ended at every gateway, whatever the others know that is not known here yet. */
  #isOver(login: Login): boolean {
    const { accounts, rules, now } = this.#deps;
    const idleMs = now() - login.seenAt;
    const slackMs = this.#deps.slackMs ?? 0;
    if (idleMs > rules.idleMs + slackMs || now() >= this.endOf(login)) return true;
    const account = accounts.byId(login.account);
    if (account === undefined) return idleMs >= slackMs;
    return account.isDisabled || account.version > login.version;
  }

  #read(row: unknown): void {
    const { hash, started_at: startedAt, seen_at, ...rest } = LoginRow.parse(row);
    const seenAt = Math.max(seen_at, this.#byHash.get(hash)?.seenAt ?? 0);
    this.#put(hash, { ...rest, startedAt, seenAt });
  }

  #drop(hash: string): void {
    this.#hashes.delete(this.#byHash.get(hash)?.id ?? '');
    this.#byHash.delete(hash);
  }

  #accountOf(login: Login): Account | undefined {
    const { accounts, rules, now } = this.#deps;
    if (now() - login.seenAt > rules.idleMs || now() >= this.endOf(login)) return undefined;
    const account = accounts.byId(login.account);
    const isSame = account?.version === login.version && !account.isDisabled;
    return isSame ? account : undefined;
  }

  /** Who logs in once more than that loses the login that was not seen for longest. */
  async #makeRoom(account: string): Promise<void> {
    const own = [...this.#byHash].filter(([, login]) => login.account === account);
    if (own.length < LIMITS.loginsPerAccount) return;
    const [oldest] = own.toSorted(([, one], [, other]) => one.seenAt - other.seenAt);
    if (oldest !== undefined) await this.#delete([oldest[0]]);
  }

  #put(hash: string, login: Login): void {
    this.#byHash.set(hash, login);
    this.#hashes.set(login.id, hash);
  }

  async #delete(hashes: readonly string[]): Promise<void> {
    for (const hash of hashes) this.#drop(hash);
    const statements = hashes.map((hash) => ({
      sql: 'DELETE FROM logins WHERE hash = ?',
      params: [hash],
    }));
    if (statements.length > 0) await this.#deps.store.write(statements);
  }
}

const SEEN = 'UPDATE logins SET seen_at = ? WHERE hash = ?';

const hashOf = (cookie: string): string => createHash('sha256').update(cookie).digest('base64url');

/** What a page must send beside the cookie of a login, which no other page can read. */
export const csrfOf = (cookie: string): string =>
  createHmac('sha256', cookie).update('pixelcast csrf').digest('base64url');

/** Whether a page sent what belongs to the cookie. */
export function isCsrf(cookie: string, given: string): boolean {
  const [own, other] = [Buffer.from(csrfOf(cookie)), Buffer.from(given)];
  return own.length === other.length && timingSafeEqual(own, other);
}
