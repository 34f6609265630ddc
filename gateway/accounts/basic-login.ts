import { createHmac, randomBytes } from 'node:crypto';
import { GatewayError } from '../errors.ts';
import type { Account } from './account.ts';
import type { Accounts } from './accounts.ts';
import type { LoginDesk } from './login-desk.ts';

/** So long a right password is not checked anew; it ends with the account all the same. */
const KNOWN_MS = 300_000;
const MAX_KNOWN = 1_000;
const MAX_LENGTH = 1_024;

/** Accounts by HTTP Basic (RFC 7617): the password comes with every request, and is checked now and then. */
export class BasicLogin {
  readonly #accounts: Accounts;
  readonly #desk: LoginDesk;
  readonly #now: () => number;
  readonly #key = randomBytes(32);
  readonly #known = new Map<string, { id: string; version: number; until: number }>();

  constructor(parts: { accounts: Accounts; desk: LoginDesk; now: () => number }) {
    this.#accounts = parts.accounts;
    this.#desk = parts.desk;
    this.#now = parts.now;
  }

  /** The account of the base64 part of a header. @throws GatewayError as `LoginDesk.check`, or `login-invalid` */
  async check(credentials: string, address: string): Promise<Account> {
    const digest = createHmac('sha256', this.#key).update(credentials).digest('base64');
    const known = this.#known.get(digest);
    if (known !== undefined && known.until > this.#now()) {
      const account = this.#accounts.byId(known.id);
      const isSame = account !== undefined && account.version === known.version;
      if (isSame && !account.isDisabled) return account;
    }
    this.#known.delete(digest);
    const account = await this.#verify(credentials, address);
    this.#remember(digest, account);
    return account;
  }

  async #verify(credentials: string, address: string): Promise<Account> {
    const text = Buffer.from(credentials, 'base64').toString('utf8');
    const colon = text.indexOf(':');
    if (credentials.length > MAX_LENGTH || colon < 0) throw wrong();
    const [name, password] = [text.slice(0, colon), text.slice(colon + 1)];
    try {
      return await this.#desk.check({ name, password, address, device: '' });
    } catch (error) {
      if (error instanceof GatewayError && error.code === 'password-invalid') throw wrong();
      throw error;
    }
  }

  #remember(digest: string, { id, version }: Account): void {
    this.#known.set(digest, { id, version, until: this.#now() + KNOWN_MS });
    const [oldest] = this.#known.keys();
    if (this.#known.size > MAX_KNOWN && oldest !== undefined) this.#known.delete(oldest);
  }
}

const wrong = (): GatewayError => new GatewayError('login-invalid', 'User or password is wrong.');
