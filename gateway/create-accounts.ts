import { join } from 'node:path';
import { Accounts } from './accounts/accounts.ts';
import { countUses } from './accounts/count-use.ts';
import { BasicLogin } from './accounts/basic-login.ts';
import { GrantOrigins } from './accounts/grant-origins.ts';
import { Invitations } from './accounts/invitations.ts';
import { KnownDevices } from './accounts/known-devices.ts';
import { LoginDesk } from './accounts/login-desk.ts';
import { Logins } from './accounts/logins.ts';
import { MIGRATIONS } from './accounts/migrations.ts';
import { MintedTokens } from './accounts/minted-tokens.ts';
import { Passwords } from './accounts/passwords.ts';
import { SharedTries } from './accounts/shared-tries.ts';
import { SHARED_TABLES } from './accounts/shared-tables.ts';
import type { Cluster } from './create-cluster.ts';
import { RowLedger } from './cluster/rows/row-ledger.ts';
import { SharedRows } from './cluster/rows/shared-rows.ts';
import type { RowChange } from './cluster/rows/shared-table.ts';
import type { Config } from './config/load.ts';
import type { Service } from './lifecycle.ts';
import type { Logger } from './observability/logger.ts';
import { LateStore } from './store/late-store.ts';
import { ToldStore } from './store/told-store.ts';

/** What another process wrote, as `npm run users` does, counts after this at the latest. */
const REFRESH_MS = 1_000;
const TIDY_MS = 60_000;
/** What other gateways know of when a login was seen is at most so old. */
const SEEN_MS = 10_000;
/** No login is given up by what another gateway may not have told yet. */
const SLACK_MS = 60_000;

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
export function createAccounts(
  config: Pick<
    Config,
    'DATA_DIR' | 'LOGIN_IDLE_MINUTES' | 'LOGIN_HOURS' | 'JWT_SECRET' | 'BASIC_ACCOUNTS'
  >,
  parts: Pick<Cluster, 'link' | 'news' | 'envelope'> & {
    readonly log: Logger;
    readonly now: () => number;
  },
): AccountParts {
  const { link, envelope, log, now } = parts;
  const file = join(config.DATA_DIR, 'users.db');
  const late = new LateStore('accounts', { file, migrations: MIGRATIONS, log });
  const store = new ToldStore(late);
  const accounts = new Accounts({ store, now });
  const rules = {
    idleMs: config.LOGIN_IDLE_MINUTES * 60_000,
    longestMs: config.LOGIN_HOURS * 3600_000,
  };
  const logins = new Logins({
    ...{ store, accounts, rules, now },
    slackMs: link === undefined ? 0 : SLACK_MS,
  });
  const passwords = new Passwords();
  const devices = new KnownDevices(config.JWT_SECRET.reveal());
  const loginDesk = new LoginDesk({
    ...{ accounts, logins, passwords, devices, now },
    tries: link && new SharedTries(link, config.JWT_SECRET.reveal()),
  });
  const invitations = new Invitations({
    ...{ store, now },
    ...(link === undefined ? {} : { countUse: countUses(link, now) }),
  });
  const mintedTokens = new MintedTokens({ store, now });
  const ledger = new RowLedger(late, SHARED_TABLES);
  const people = { accounts, logins, invitations };
  const share =
    link &&
    envelope &&
    new SharedRows({ ...parts, link, envelope, ledger, name: 'users', ...heed(people) });
  if (share !== undefined) store.use(share);
  const timers: NodeJS.Timeout[] = [];
  const tidy = async (): Promise<void> => {
    await Promise.all([logins.tidy(), invitations.tidy(), mintedTokens.tidy()]);
    await ledger.tidy(now());
  };
  const every = (ms: number, work: () => Promise<void>): void => {
    const run = (): void => void work().catch((err: unknown) => log.warn({ err }, 'users.db'));
    timers.push(setInterval(run, ms));
  };
  return {
    ...people,
    passwords,
    loginDesk,
    basicLogin: config.BASIC_ACCOUNTS
      ? new BasicLogin({ accounts, desk: loginDesk, now })
      : undefined,
    mintedTokens,
    origins: new GrantOrigins({ accounts, logins, invitations }),
    accountService: {
      name: late.name,
      start: async () => {
        await late.start();
        await accounts.refresh();
        await Promise.all([logins.load(), invitations.load()]);
        every(REFRESH_MS, () => accounts.refresh());
        every(TIDY_MS, tidy);
        if (share !== undefined) every(SEEN_MS, () => logins.keepSeen());
        share?.start();
      },
      close: async () => {
        for (const timer of timers) clearInterval(timer);
        await logins.tidy().catch((err: unknown) => log.warn({ err }, 'users.db'));
        await share?.close();
        await store.close();
      },
    },
  };
}

/** What comes of rows of other gateways. */
function heed({
  accounts,
  logins,
  invitations,
}: Pick<AccountParts, 'accounts' | 'logins' | 'invitations'>) {
  const of = (changes: readonly RowChange[], table: string): readonly RowChange[] =>
    changes.filter(({ kind }) => kind === table);
  return {
    onHeard: (changes: readonly RowChange[]): void => {
      for (const { row } of of(changes, 'accounts')) if (row !== null) accounts.hear(row);
      for (const { id, row } of of(changes, 'logins')) logins.hear(id, row);
    },
    onTaken: async (changes: readonly RowChange[]): Promise<void> => {
      if (of(changes, 'invitations').length > 0) await invitations.load();
      const hashes = of(changes, 'logins').map(({ id }) => id);
      if (hashes.length > 0) await logins.reload(hashes);
      // Last: it has what ended with any of them ended.
      await accounts.load();
    },
  };
}
