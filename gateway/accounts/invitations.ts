import { createHash, randomBytes } from 'node:crypto';
import { z } from 'zod';
import type { Grant } from '../auth/grant.ts';
import { endOfGift, originOfGift } from '../auth/handing-on.ts';
import { GatewayError } from '../errors.ts';
import { LIMITS } from '../limits/limits.ts';
import { GrantOrigin } from '../protocol/grant.ts';
import {
  INVITATION_ACTIONS,
  InvitationRights,
  type InvitationRequest,
  type InvitationView,
} from '../protocol/api/invitations.ts';
import { RoomId, SourceId } from '../protocol/ids.ts';
import type { Store } from '../store/store.ts';
import { pageOfRows, searchText, type RowPlace, type RowQuery } from './row-page.ts';

const CODE_BYTES = 24;
const CODE = /^[A-Za-z0-9_-]{32}$/;
const KEPT_MS = 30 * 24 * 3600_000;

/** One invitation as it is kept. */
export interface Invitation extends Omit<InvitationView, 'state'> {
  readonly origin: GrantOrigin | undefined;
  readonly revokedAt: number | null;
}

const json = <T extends z.ZodType>(schema: T) =>
  z.string().transform((text): z.output<T> => schema.parse(JSON.parse(text)));

/** One row of the table `invitations`. */
export const InvitationRow = z
  .object({
    id: z.string(),
    room: RoomId,
    sources: json(z.array(SourceId)).nullable(),
    rights: InvitationRights,
    uses: z.number(),
    used: z.number(),
    token_seconds: z.number(),
    note: z.string(),
    given_by: z.string(),
    origin: json(GrantOrigin).nullable(),
    created_at: z.number(),
    expires_at: z.number(),
    revoked_at: z.number().nullable(),
  })
  .transform((row): Invitation => ({
    id: row.id,
    room: row.room,
    ...(row.sources === null ? {} : { sources: row.sources }),
    rights: row.rights,
    uses: row.uses,
    used: row.used,
    tokenSeconds: row.token_seconds,
    note: row.note,
    by: row.given_by,
    origin: row.origin ?? undefined,
    createdAt: row.created_at,
    expiresAt: row.expires_at,
    revokedAt: row.revoked_at,
  }));

/**
 * Counts a use over all gateways of a cluster: how many there are with it, 0 when none was left,
 * undefined when nobody counts for all. Never rejects.
 */
export type CountUse = (
  invitation: Pick<Invitation, 'id' | 'used' | 'uses' | 'expiresAt'>,
) => Promise<number | undefined>;

/** Links that let somebody in who has no account. Kept in `users.db`; of a code its hash alone. */
export class Invitations {
  readonly #store: Store;
  readonly #now: () => number;
  readonly #countUse: CountUse;
  readonly #revoked = new Set<string>();

  constructor(deps: {
    readonly store: Store;
    readonly now: () => number;
    readonly countUse?: CountUse;
  }) {
    this.#store = deps.store;
    this.#now = deps.now;
    this.#countUse = deps.countUse ?? (() => Promise.resolve(undefined));
  }

  async load(): Promise<void> {
    const rows = await this.#store.all('SELECT id FROM invitations WHERE revoked_at IS NOT NULL');
    for (const { id } of rows) this.#revoked.add(String(id));
  }

  /** Whether an invitation was taken back. */
  isRevoked(id: string): boolean {
    return this.#revoked.has(id);
  }

  /** A new one and its code, which nobody can be told again. @throws GatewayError `capacity` */
  async create(
    giver: Grant,
    { ttlSeconds, ...wish }: InvitationRequest,
  ): Promise<{ invitation: Invitation; code: string }> {
    const createdAt = this.#now();
    const can = INVITATION_ACTIONS[wish.rights];
    const expiresAt = endOfGift(giver, can, createdAt + ttlSeconds * 1000);
    const code = randomBytes(CODE_BYTES).toString('base64url');
    const id = randomBytes(9).toString('base64url');
    const [by, origin] = [giver.subject, originOfGift(giver)];
    const invitation = { ...wish, id, used: 0, by, origin, createdAt, expiresAt, revokedAt: null };
    const [result] = await this.#store.write([
      {
        sql: `INSERT INTO invitations (id, hash, room, sources, rights, uses, token_seconds, note,
                given_by, origin, search, created_at, expires_at)
              SELECT ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?
              WHERE (SELECT count(*) FROM invitations) < ?`,
        params: [
          ...[id, hashOf(code), wish.room, jsonOrNull(wish.sources), wish.rights, wish.uses],
          ...[wish.tokenSeconds, wish.note, by, jsonOrNull(origin)],
          ...[searchText(wish.room, wish.note, by), createdAt, expiresAt, LIMITS.invitations],
        ],
      },
    ]);
    if (result?.changes === 1) return { invitation, code };
    throw new GatewayError('capacity', 'There are too many invitations: take old ones back.', {
      retryAfterSeconds: 60,
    });
  }

  async page(query: RowQuery): Promise<{
    readonly items: readonly InvitationView[];
    readonly next: RowPlace | null;
    readonly total: number;
  }> {
    const { rows, next, total } = await pageOfRows(this.#store, 'invitations', query);
    return { items: rows.map((row) => this.viewOf(InvitationRow.parse(row))), next, total };
  }

  async byId(id: string): Promise<Invitation | undefined> {
    return await this.#find('SELECT * FROM invitations WHERE id = ?', id);
  }

  /** The invitation of a code, whether or not it can be redeemed. */
  async byCode(code: string): Promise<Invitation | undefined> {
    const hash = CODE.test(code) ? hashOf(code) : '';
    return await this.#find('SELECT * FROM invitations WHERE hash = ?', hash);
  }

  /** Takes one of its uses; false when none is left, it has run out or was taken back. */
  async use(invitation: Invitation): Promise<boolean> {
    const { id } = invitation;
    const counted = await this.#countUse(invitation);
    if (counted === 0) return false;
    const [result] = await this.#store.write([
      {
        sql: `UPDATE invitations SET used = iif(? > 0, max(used, ?), used + 1)
              WHERE id = ? AND (used < uses OR ? > 0) AND revoked_at IS NULL AND expires_at > ?`,
        params: [counted ?? 0, counted ?? 0, id, counted ?? 0, this.#now()],
      },
    ]);
    return result?.changes === 1;
  }

  /** In force at once; resolves when it would survive a restart. */
  async revoke({ id }: Invitation): Promise<void> {
    this.#revoked.add(id);
    await this.#store.write([
      {
        sql: 'UPDATE invitations SET revoked_at = coalesce(revoked_at, ?) WHERE id = ?',
        params: [this.#now(), id],
      },
    ]);
  }

  /** Forgets what has been over for a month. */
  async tidy(): Promise<void> {
    const before = this.#now() - KEPT_MS;
    await this.#store.write([
      { sql: 'DELETE FROM invitations WHERE expires_at < ?', params: [before] },
    ]);
  }

  viewOf({ origin: _, revokedAt, ...invitation }: Invitation): InvitationView {
    const state = (): InvitationView['state'] => {
      if (revokedAt !== null) return 'revoked';
      if (invitation.expiresAt <= this.#now()) return 'expired';
      return invitation.used < invitation.uses ? 'open' : 'used-up';
    };
    return { ...invitation, state: state() };
  }

  async #find(sql: string, key: string): Promise<Invitation | undefined> {
    const [row] = await this.#store.all(sql, [key]);
    return row === undefined ? undefined : InvitationRow.parse(row);
  }
}

const jsonOrNull = (value: unknown): string | null =>
  value === undefined ? null : JSON.stringify(value);

const hashOf = (code: string): string => createHash('sha256').update(code).digest('base64url');
