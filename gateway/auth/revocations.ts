import { randomBytes } from 'node:crypto';
import { GatewayError } from '../errors.ts';
import type { RevocationRequest, RevocationView } from '../protocol/revocation.ts';
import type { Grant } from './grant.ts';

/** Entries at once, and those that concern one room: its admin must not use up the list. */
const LIMITS = { all: 10_000, room: 1_000 };

/** Keeps the list through a restart. */
export interface RevocationStore {
  load(): readonly RevocationView[];
  /** Resolves when the list would survive a crash. */
  save(list: readonly RevocationView[]): Promise<void>;
}

/** An entry was added or changed, or taken off the list at a time (epoch milliseconds). */
export interface RevocationChange {
  readonly entry: RevocationView;
  readonly deletedAt: number | null;
}

/** Tokens that were taken back before they run out. Looked up in memory, kept in a store. */
export class Revocations {
  readonly #store: RevocationStore;
  readonly #now: () => number;
  /** Told of what was decided here; resolves when other gateways could know it. */
  onChange: (change: RevocationChange) => Promise<void> = () => Promise.resolve();
  /** By what they name, which is how grants are held against them. */
  readonly #entries = new Map<string, RevocationView[]>();

  /** @throws what the store throws when its list cannot be read. */
  constructor(store: RevocationStore, now: () => number) {
    this.#store = store;
    this.#now = now;
    for (const entry of store.load()) this.#put(entry);
  }

  /** Whether a grant was taken back. */
  covers(grant: Grant): boolean {
    if (this.#entries.size === 0) return false;
    const named = [
      ...(grant.tokenId === undefined ? [] : this.#naming({ jti: grant.tokenId })),
      ...this.#naming({ sub: grant.subject }),
    ];
    return named.some((entry) => entry.expiresAt > this.#now() && concerns(entry, grant));
  }

  /** The entries that have not run out. */
  list(): readonly RevocationView[] {
    const now = this.#now();
    return [...this.#entries.values()].flat().filter(({ expiresAt }) => expiresAt > now);
  }

  /**
   * Adds an entry, in force at once; in place of an earlier one for the same. `kept` resolves when
   * it would survive a restart.
   * @throws GatewayError `capacity`
   */
  add(request: RevocationRequest, by: string): { entry: RevocationView; kept: Promise<void> } {
    const { ttlSeconds, ...target } = request;
    this.#makeRoom(target);
    const revokedAt = this.#now();
    const earlier = this.#naming(target).find(({ room }) => room === target.room);
    const expiresAt = Math.max(revokedAt + ttlSeconds * 1000, earlier?.expiresAt ?? 0);
    const id = earlier?.id ?? randomBytes(8).toString('hex');
    const entry = { id, ...target, revokedAt, expiresAt, by };
    this.#put(entry);
    const told = this.onChange({ entry, deletedAt: null });
    const kept = Promise.all([this.#store.save(this.list()), told]).then(() => undefined);
    return { entry, kept };
  }

  /** What was decided at another gateway; true when it was not known here. */
  hear({ entry, deletedAt }: RevocationChange): boolean {
    const known = this.#naming(entry).find(({ id }) => id === entry.id);
    if (deletedAt !== null) {
      if (known === undefined || known.revokedAt > deletedAt) return false;
      this.#replace(entry, []);
    } else {
      if (entry.expiresAt <= this.#now()) return false;
      if (known !== undefined && known.revokedAt >= entry.revokedAt) return false;
      this.#put(entry);
    }
    this.#store.save(this.list()).catch(() => undefined);
    return true;
  }

  /** Takes an entry off the list; resolves when that would survive a restart. */
  async delete(entry: RevocationView): Promise<void> {
    this.#replace(entry, []);
    const told = this.onChange({ entry, deletedAt: this.#now() });
    await Promise.all([this.#store.save(this.list()), told]);
  }

  #makeRoom({ room }: { readonly room?: string }): void {
    for (const entries of [...this.#entries.values()]) {
      for (const entry of entries) if (entry.expiresAt <= this.#now()) this.#replace(entry, []);
    }
    const all = this.list();
    const ofRoom = all.filter((entry) => room !== undefined && entry.room === room);
    if (all.length < LIMITS.all && ofRoom.length < LIMITS.room) return;
    throw new GatewayError('capacity', 'The revocation list is full: delete old entries.', {
      retryAfterSeconds: 60,
    });
  }

  #naming(target: Pick<RevocationView, 'jti' | 'sub'>): readonly RevocationView[] {
    return this.#entries.get(keyOf(target)) ?? [];
  }

  #put(entry: RevocationView): void {
    this.#replace(entry, [entry]);
  }

  #replace(entry: RevocationView, by: readonly RevocationView[]): void {
    const others = this.#naming(entry).filter(({ id }) => id !== entry.id);
    const entries = [...others, ...by];
    if (entries.length === 0) this.#entries.delete(keyOf(entry));
    else this.#entries.set(keyOf(entry), entries);
  }
}

const keyOf = ({ jti, sub }: Pick<RevocationView, 'jti' | 'sub'>): string =>
  jti === undefined ? `sub:${sub ?? ''}` : `jti:${jti}`;

/** A subject may be given a new token afterwards; one that does not say when it was given is old. */
function concerns({ jti, room, revokedAt }: RevocationView, grant: Grant): boolean {
  if (room !== undefined && grant.room !== room) return false;
  return jti !== undefined || (grant.issuedAt ?? 0) <= revokedAt;
}
