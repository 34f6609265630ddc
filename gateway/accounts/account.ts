import { z } from 'zod';
import type { Grant } from '../auth/grant.ts';
import { Role, ROLE_ACTIONS, Rooms } from '../protocol/role.ts';

/** One person or program that is known here by name and password. */
export interface Account {
  readonly id: string;
  readonly name: string;
  readonly role: Role;
  readonly rooms: Rooms;
  /** As `password-hash.ts` writes it. */
  readonly hash: string;
  /** May not log in, and nothing that was given by it is good. */
  readonly isDisabled: boolean;
  /** Grows with every change of role, rooms, password or state: what was given before ends with it. */
  readonly version: number;
  /** Epoch milliseconds. */
  readonly createdAt: number;
  readonly lastLoginAt: number | null;
}

/** One row of the table `accounts`. */
export const AccountRow = z
  .object({
    id: z.string(),
    name: z.string(),
    role: Role,
    rooms: z.string().transform((text) => Rooms.parse(JSON.parse(text))),
    hash: z.string(),
    disabled: z.number(),
    version: z.number(),
    created_at: z.number(),
    last_login_at: z.number().nullable(),
  })
  .transform((row): Account => ({
    id: row.id,
    name: row.name,
    role: row.role,
    rooms: row.rooms,
    hash: row.hash,
    isDisabled: row.disabled !== 0,
    version: row.version,
    createdAt: row.created_at,
    lastLoginAt: row.last_login_at,
  }));

/** What two spellings of one name have in common: compatible forms, case, composition. */
export const nameKey = (name: string): string => name.normalize('NFKC').toLowerCase();

/** Whether the account may administer everything, now. */
export const isFullAdmin = ({ role, rooms, isDisabled }: Account): boolean =>
  role === 'admin' && rooms === '*' && !isDisabled;

/** What an account may do, until a time in epoch milliseconds; `login` names the login it is by. */
export function grantOf(
  account: Account,
  { since, until, login }: { since: number; until: number; login?: string },
): Grant {
  const { id, name, role, rooms, version } = account;
  const only = rooms !== '*' && rooms.length === 1 ? rooms[0] : undefined;
  return Object.freeze({
    subject: name,
    room: only ?? rooms,
    sources: undefined,
    can: ROLE_ACTIONS[role],
    expiresAt: until,
    issuedAt: since,
    tokenId: undefined,
    origin: { account: id, version, ...(login === undefined ? {} : { login }) },
  });
}
