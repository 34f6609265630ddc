import { z } from 'zod';
import { LIMITS } from '../limits/limits.ts';
import { Action } from '../protocol/grant.ts';
import { RoomId, SourceId } from '../protocol/ids.ts';
import type { Store } from '../store/store.ts';
import { pageOfRows, searchText, type RowPlace, type RowQuery } from './row-page.ts';

/** What is kept of a token that was given to somebody: everything but its text. */
export interface MintedToken {
  readonly jti: string;
  readonly subject: string;
  readonly room: RoomId | '*';
  readonly sources: readonly SourceId[] | undefined;
  readonly can: readonly Action[];
  /** Who gave it. */
  readonly by: string;
  /** Epoch milliseconds, as the next. */
  readonly issuedAt: number;
  readonly expiresAt: number;
}

const Sources = z.array(SourceId);
const Actions = z.array(Action);

/** One row of the table `tokens`. */
export const TokenRow = z
  .object({
    id: z.string(),
    subject: z.string(),
    room: z.union([z.literal('*'), RoomId]),
    sources: z.string().nullable(),
    can: z.string(),
    given_by: z.string(),
    created_at: z.number(),
    expires_at: z.number(),
  })
  .transform((row): MintedToken => ({
    jti: row.id,
    subject: row.subject,
    room: row.room,
    sources: row.sources === null ? undefined : Sources.parse(JSON.parse(row.sources)),
    can: Actions.parse(JSON.parse(row.can)),
    by: row.given_by,
    issuedAt: row.created_at,
    expiresAt: row.expires_at,
  }));

/** The tokens that were given to people and programs, until they run out; beyond a bound the newest. */
export class MintedTokens {
  readonly #store: Store;
  readonly #now: () => number;

  constructor({ store, now }: { readonly store: Store; readonly now: () => number }) {
    this.#store = store;
    this.#now = now;
  }

  async add(token: MintedToken): Promise<void> {
    const { jti, subject, room, sources, can, by, issuedAt, expiresAt } = token;
    await this.#store.write([
      {
        sql: `INSERT INTO tokens (id, subject, room, sources, can, given_by, search, created_at, expires_at)
              VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
        params: [
          ...[jti, subject, room, sources === undefined ? null : JSON.stringify(sources)],
          ...[JSON.stringify(can), by, searchText(subject, room, by, jti), issuedAt, expiresAt],
        ],
      },
    ]);
  }

  async page(query: Omit<RowQuery, 'aliveAt'>): Promise<{
    readonly tokens: readonly MintedToken[];
    readonly next: RowPlace | null;
    readonly total: number;
  }> {
    const wanted = { ...query, aliveAt: this.#now() };
    const { rows, next, total } = await pageOfRows(this.#store, 'tokens', wanted);
    return { tokens: rows.map((row) => TokenRow.parse(row)), next, total };
  }

  async byJti(jti: string): Promise<MintedToken | undefined> {
    const [row] = await this.#store.all('SELECT * FROM tokens WHERE id = ?', [jti]);
    return row === undefined ? undefined : TokenRow.parse(row);
  }

  /** Forgets what has run out, and the oldest beyond the bound. */
  async tidy(): Promise<void> {
    await this.#store.write([
      { sql: 'DELETE FROM tokens WHERE expires_at <= ?', params: [this.#now()] },
      {
        sql: `DELETE FROM tokens WHERE id IN
              (SELECT id FROM tokens ORDER BY created_at DESC, id DESC LIMIT -1 OFFSET ?)`,
        params: [LIMITS.mintedTokens],
      },
    ]);
  }
}
