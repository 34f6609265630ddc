import { GatewayError } from '../errors.ts';
import { LIMITS } from '../limits/limits.ts';
import { nameKey, type Account } from './account.ts';
import type { Accounts } from './accounts.ts';
import type { KnownDevices } from './known-devices.ts';
import { LockOut } from './lock-out.ts';
import type { Login, Logins } from './logins.ts';
import type { Passwords } from './passwords.ts';
import type { SharedTries } from './shared-tries.ts';

/** Who wants to log in, and from where. */
export interface LoginTry {
  readonly name: string;
  readonly password: string;
  /** `addressKey` of the client. */
  readonly address: string;
  /** What {@link KnownDevices} gave its browser earlier; '' when nothing. */
  readonly device: string;
}

export interface LoginDeskDeps {
  readonly accounts: Accounts;
  readonly logins: Logins;
  readonly passwords: Passwords;
  readonly devices: KnownDevices;
  /** Tries at all gateways of a cluster; undefined: there are no others. */
  readonly tries?: SharedTries | undefined;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

interface Lock {
  readonly lockOut: LockOut;
  readonly key: string;
}

/** Lets people in by name and password, and makes guessing slow. */
export class LoginDesk {
  readonly #deps: LoginDeskDeps;
  /** One who guesses: at one account from one address, or by one browser. */
  readonly #narrow = new LockOut(
    { free: LIMITS.passwordsFree, longestMs: LIMITS.lockOutMs },
    LIMITS.limiterKeys,
  );
  /** Many who guess at one account: its own browsers do not wait for them. */
  readonly #wide = new LockOut(
    { free: LIMITS.passwordsFreeOfAll, longestMs: LIMITS.lockOutOfAllMs },
    LIMITS.limiterKeys,
  );

  constructor(deps: LoginDeskDeps) {
    this.#deps = deps;
  }

  /**
   * A new login, its cookie, and what its browser is known by later.
   * @throws GatewayError `password-invalid`, `rate-limited`, `capacity`
   */
  async enter(who: LoginTry): Promise<{ cookie: string; login: Login; device: string }> {
    const account = await this.check(who);
    const { cookie, login } = await this.#deps.logins.open(account);
    return { cookie, login, device: this.#deps.devices.issue(account.id) };
  }

  /** The account of a right name and password. @throws GatewayError as {@link enter} does */
  async check(who: LoginTry): Promise<Account> {
    const { accounts, passwords, now } = this.#deps;
    const account = accounts.byName(who.name);
    const locks = this.#locksOf(who, account);
    const undo = await this.#take(locks);
    const { isRight, isStale } = await passwords
      .verify(who.password, account?.hash)
      .catch(async (error: unknown) => {
        await undo();
        throw error;
      });
    // It may have gone or changed while its password was checked.
    const current = accounts.byName(who.name);
    const isSame = current !== undefined && current.version === account?.version;
    if (!isRight || !isSame || current.isDisabled) {
      throw new GatewayError('password-invalid', 'Name or password is wrong.');
    }
    for (const { lockOut, key } of locks) lockOut.forget(key);
    await this.#deps.tries?.forget(locks.map(sharedOf));
    const fresh = isStale ? await passwords.hash(who.password) : undefined;
    await accounts.noteLogin(current, now(), fresh);
    return current;
  }

  /** Counts a try here and over all gateways; how to take it back. @throws GatewayError `rate-limited` */
  async #take(locks: readonly Lock[]): Promise<() => Promise<void>> {
    const { tries, now } = this.#deps;
    const ownWaitMs = Math.max(...locks.map(({ lockOut, key }) => lockOut.waitOf(key, now())));
    if (tries === undefined && ownWaitMs > 0) throw tooMany(ownWaitMs);
    // Counted before anything is awaited, and here as well: Redis may go away.
    const own = locks.map(({ lockOut, key }) => lockOut.take(key, now()));
    const waitMs = tries && ((await tries.take(locks.map(sharedOf))) ?? ownWaitMs);
    if (waitMs !== undefined && waitMs > 0) {
      for (const undo of own) undo();
      throw tooMany(waitMs);
    }
    return async () => {
      for (const undo of own) undo();
      await tries?.undo(locks.map(sharedOf));
    };
  }

  #locksOf({ name, address, device }: LoginTry, account: Account | undefined): readonly Lock[] {
    const known = account === undefined ? undefined : this.#deps.devices.read(device, account.id);
    if (known !== undefined) return [{ lockOut: this.#narrow, key: `device ${known}` }];
    const key = nameKey(name);
    return [
      { lockOut: this.#narrow, key: `${address} ${key}` },
      { lockOut: this.#wide, key },
    ];
  }
}

const sharedOf = ({ lockOut, key }: Lock) => ({ key, rule: lockOut.rule });

const tooMany = (waitMs: number): GatewayError =>
  new GatewayError('rate-limited', 'Too many wrong passwords. Wait, then try again.', {
    retryAfterSeconds: Math.ceil(waitMs / 1000),
  });
