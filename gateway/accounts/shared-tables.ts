import type { SharedTable } from '../cluster/rows/shared-table.ts';
import { AccountRow } from './account.ts';
import { InvitationRow } from './invitations.ts';
import { LoginRow } from './logins.ts';
import { TokenRow } from './minted-tokens.ts';

const DAY_MS = 24 * 3600_000;
/** Longer than any login, invitation or token may last. */
const REMEMBER_MS = 400 * DAY_MS;

/** What of `users.db` all gateways of a cluster have in common. */
export const SHARED_TABLES: readonly SharedTable[] = [
  {
    name: 'accounts',
    key: 'id',
    columns: [
      ...['id', 'name', 'name_key', 'role', 'rooms', 'hash', 'disabled', 'version'],
      ...['created_at', 'last_login_at'],
    ],
    unique: { column: 'name_key', since: 'created_at' },
    row: AccountRow,
  },
  {
    name: 'logins',
    key: 'hash',
    columns: ['hash', 'id', 'account', 'version', 'started_at', 'seen_at'],
    merged: { seen_at: 'max(seen_at, excluded.seen_at)' },
    rememberMs: REMEMBER_MS,
    row: LoginRow,
  },
  {
    name: 'invitations',
    key: 'id',
    columns: [
      ...['id', 'hash', 'room', 'sources', 'rights', 'uses', 'used', 'token_seconds', 'note'],
      ...['given_by', 'origin', 'search', 'created_at', 'expires_at', 'revoked_at'],
    ],
    merged: {
      used: 'max(used, excluded.used)',
      revoked_at: 'coalesce(revoked_at, excluded.revoked_at)',
    },
    rememberMs: REMEMBER_MS,
    row: InvitationRow,
  },
  {
    name: 'tokens',
    key: 'id',
    columns: [
      ...['id', 'subject', 'room', 'sources', 'can', 'given_by', 'search'],
      ...['created_at', 'expires_at'],
    ],
    rememberMs: REMEMBER_MS,
    row: TokenRow,
  },
];
