import { join } from 'node:path';
import { Accounts } from './accounts/accounts.ts';
import { BasicLogin } from './accounts/basic-login.ts';
import { GrantOrigins } from './accounts/grant-origins.ts';
import { Invitations } from './accounts/invitations.ts';
import { KnownDevices } from './accounts/known-devices.ts';
import { LoginDesk } from './accounts/login-desk.ts';
import { Logins } from './accounts/logins.ts';
import { MIGRATIONS } from './accounts/migrations.ts';
import { MintedTokens } from './accounts/minted-tokens.ts';
import { Passwords } from './accounts/passwords.ts';
import type { Config } from './config/load.ts';
import type { Service } from './lifecycle.ts';
import type { Logger } from './observability/logger.ts';
import { LateStore } from './store/late-store.ts';

/** What another process wrote, as `npm run users` does, counts after this at the latest. */
const REFRESH_MS = 1_000;
const TIDY_MS = 60_000;

/** Who is known by an account, and what they gave to others. */
export interface AccountParts {
  readonly accounts: Accounts;
  readonly passwords: Passwords;
  readonly logins: Logins;
  readonly loginDesk: LoginDesk;
  /** Undefined where accounts are not taken by HTTP Basic. */
  readonly basicLogin: BasicLogin | undefined;
  readonly invitations: Invitations;
  readonly mintedTokens: MintedTokens;
  readonly origins: GrantOrigins;
  readonly accountService: Service;
}

/** Builds all of it around `users.db`, which opens with the service. */
export function createAccounts(config: Config, log: Logger, now: () => number): AccountParts {
  const file = join(config.DATA_DIR, 'users.db');
  const store = new LateStore('accounts', { file, migrations: MIGRATIONS, log });
  const accounts = new Accounts({ store, now });
  const rules = {
    idleMs: config.LOGIN_IDLE_MINUTES * 60_000,
    longestMs: config.LOGIN_HOURS * 3600_000,
  };
  const logins = new Logins({ store, accounts, rules, now });
  const passwords = new Passwords();
  const devices = new KnownDevices(config.JWT_SECRET.reveal());
  const loginDesk = new LoginDesk({ accounts, logins, passwords, devices, now });
  const invitations = new Invitations({ store, now });
  const mintedTokens = new MintedTokens({ store, now });
  const timers: NodeJS.Timeout[] = [];
  const tidy = async (): Promise<void> => {
    await Promise.all([logins.tidy(), invitations.tidy(), mintedTokens.tidy()]);
  };
  const every = (ms: number, work: () => Promise<void>): void => {
    const run = (): void => void work().catch((err: unknown) => log.warn({ err }, 'users.db'));
    timers.push(setInterval(run, ms));
  };
  return {
    accounts,
    passwords,
    logins,
    loginDesk,
    basicLogin: config.BASIC_ACCOUNTS
      ? new BasicLogin({ accounts, desk: loginDesk, now })
      : undefined,
    invitations,
    mintedTokens,
    origins: new GrantOrigins({ accounts, logins, invitations }),
    accountService: {
      name: store.name,
      start: async () => {
        await store.start();
        await accounts.refresh();
        await Promise.all([logins.load(), invitations.load()]);
        every(REFRESH_MS, () => accounts.refresh());
        every(TIDY_MS, tidy);
      },
      close: async () => {
        for (const timer of timers) clearInterval(timer);
        await logins.tidy().catch((err: unknown) => log.warn({ err }, 'users.db'));
        await store.close();
      },
    },
  };
}
