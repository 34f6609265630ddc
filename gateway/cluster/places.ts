import type { NodePlace } from '../rooms/session.ts';

/** Of a client that tries a path. */
const UNDER_WAY_MS = 60_000;
/** Of a session or a carriage, told anew each third of it. */
const LIFE_MS = 600_000;
/** How long it is remembered that a client is another gateway's. */
const REMEMBERED_MS = 20_000;
/** After Redis came (back), for all gateways to say what is theirs. */
const SETTLING_MS = 10_000;
const LOOK_MS = 250;
const MOST_REMEMBERED = 100_000;

export interface PlacesParts {
  readonly store: {
    readonly isReady: boolean;
    /** How many times Redis was reached anew: it may know nothing then. */
    readonly reached: number;
    claim(place: NodePlace, lifeMs: number): Promise<void>;
    disclaim(place: NodePlace): Promise<void>;
    isClaimed(place: NodePlace): Promise<boolean>;
  };
  /** Whether the room of a path at a node is at home here: who is there and not known is nobody's. */
  readonly isHere: (path: string) => boolean;
  /** Those of the sessions and carriages that are here. */
  readonly own: () => Iterable<NodePlace>;
  /** Milliseconds of a clock that never goes back. */
  readonly now: () => number;
}

/** Which clients at nodes are some gateway's: whoever is nobody's is removed there. */
export class Places {
  readonly #parts: PlacesParts;
  readonly #elsewhere = new Map<string, number>();
  #settledAt = Infinity;
  #reached = 0;
  #claimedAt = -Infinity;
  #timer: NodeJS.Timeout | undefined;

  constructor(parts: PlacesParts) {
    this.#parts = parts;
  }

  start(): void {
    this.#timer = setInterval(() => this.#look(), LOOK_MS).unref();
  }

  /** A client that a node asked about tries a path here. */
  claim(place: NodePlace): void {
    this.#quietly(this.#parts.store.claim(place, UNDER_WAY_MS));
  }

  /** A session or a carriage of this gateway is there. */
  settle(place: NodePlace): void {
    this.#quietly(this.#parts.store.claim(place, LIFE_MS));
  }

  leave(place: NodePlace): void {
    this.#quietly(this.#parts.store.disclaim(place));
  }

  /** Whether a client that is not here may be another gateway's; it is while nobody can tell. */
  async isElsewhere(place: NodePlace, path: string): Promise<boolean> {
    const { store, now, isHere } = this.#parts;
    // What a former home left there, too: the ends of its carriages, its offers under way.
    if (isHere(path)) return false;
    this.#look();
    if (!store.isReady || now() < this.#settledAt) return true;
    const { reached } = store;
    const key = `${place.service}/${place.clientId}`;
    if ((this.#elsewhere.get(key) ?? 0) > now()) return true;
    this.#elsewhere.delete(key);
    const isClaimed = (await store.isClaimed(place).catch(() => true)) || store.reached !== reached;
    if (isClaimed) this.#remember(key);
    return isClaimed;
  }

  close(): void {
    clearInterval(this.#timer);
  }

  /** Redis that is there again may know nothing. */
  #look(): void {
    const { store, now } = this.#parts;
    const isNew = store.reached !== this.#reached;
    this.#reached = store.reached;
    if (isNew) this.#settledAt = now() + SETTLING_MS;
    if (isNew || now() - this.#claimedAt > LIFE_MS / 3) this.#claimAll();
  }

  #remember(key: string): void {
    const [oldest] = this.#elsewhere.keys();
    if (this.#elsewhere.size >= MOST_REMEMBERED && oldest !== undefined) {
      this.#elsewhere.delete(oldest);
    }
    this.#elsewhere.set(key, this.#parts.now() + REMEMBERED_MS);
  }

  #claimAll(): void {
    this.#claimedAt = this.#parts.now();
    for (const place of this.#parts.own()) this.settle(place);
  }

  #quietly(asked: Promise<void>): void {
    asked.catch(() => undefined);
  }
}
