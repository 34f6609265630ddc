import { changeLedger } from '../store/change-ledger.ts';

/** `users.db`, one step after the other; times are epoch milliseconds, lists and rights JSON. */
export const MIGRATIONS: readonly string[] = [
  `CREATE TABLE accounts (
     id TEXT PRIMARY KEY,
     name TEXT NOT NULL,
     name_key TEXT NOT NULL UNIQUE,
     role TEXT NOT NULL,
     rooms TEXT NOT NULL,
     hash TEXT NOT NULL,
     disabled INTEGER NOT NULL DEFAULT 0,
     version INTEGER NOT NULL DEFAULT 1,
     created_at INTEGER NOT NULL,
     last_login_at INTEGER
   ) STRICT;
   CREATE TABLE logins (
     hash TEXT PRIMARY KEY,
     id TEXT NOT NULL,
     account TEXT NOT NULL,
     version INTEGER NOT NULL,
     started_at INTEGER NOT NULL,
     seen_at INTEGER NOT NULL
   ) STRICT;
   CREATE TABLE invitations (
     id TEXT PRIMARY KEY,
     hash TEXT NOT NULL UNIQUE,
     room TEXT NOT NULL,
     sources TEXT,
     rights TEXT NOT NULL,
     uses INTEGER NOT NULL,
     used INTEGER NOT NULL DEFAULT 0,
     token_seconds INTEGER NOT NULL,
     note TEXT NOT NULL,
     given_by TEXT NOT NULL,
     origin TEXT,
     search TEXT NOT NULL,
     created_at INTEGER NOT NULL,
     expires_at INTEGER NOT NULL,
     revoked_at INTEGER
   ) STRICT;
   CREATE INDEX invitations_by_time ON invitations (created_at, id);
   CREATE TABLE tokens (
     id TEXT PRIMARY KEY,
     subject TEXT NOT NULL,
     room TEXT NOT NULL,
     sources TEXT,
     can TEXT NOT NULL,
     given_by TEXT NOT NULL,
     search TEXT NOT NULL,
     created_at INTEGER NOT NULL,
     expires_at INTEGER NOT NULL
   ) STRICT;
   CREATE INDEX tokens_by_time ON tokens (created_at, id);`,
  changeLedger([
    { name: 'accounts', key: 'id', version: 'version', since: 'created_at' },
    { name: 'logins', key: 'hash', since: 'started_at' },
    { name: 'invitations', key: 'id', since: 'created_at' },
    { name: 'tokens', key: 'id', since: 'created_at' },
  ]),
];
