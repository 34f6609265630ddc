/** How guesses are slowed: free ones first, then a pause that doubles with each. */
export interface LockRule {
  readonly free: number;
  readonly longestMs: number;
}

export const FIRST_PAUSE_MS = 1_000;
export const FORGOTTEN_MS = 24 * 3600_000;

interface Tries {
  readonly count: number;
  /** Nobody is let try before. */
  readonly until: number;
  readonly last: number;
}

/**
 * Tries in a row that were not right, for each key. Nobody is shut out for longer than `longestMs`; what
 * comes while the pause lasts does not make it longer, and is not looked at.
 */
export class LockOut {
  readonly rule: LockRule;
  readonly #maxKeys: number;
  readonly #tries = new Map<string, Tries>();

  constructor(rule: LockRule, maxKeys: number) {
    this.rule = rule;
    this.#maxKeys = maxKeys;
  }

  get size(): number {
    return this.#tries.size;
  }

  /** Milliseconds until the next try; 0: now. */
  waitOf(key: string, now: number): number {
    return Math.max(0, (this.#tries.get(key)?.until ?? 0) - now);
  }

  /**
   * Counts a try before it is known whether it is right, so that many at once are no more than one after
   * the other; returns how to take that back.
   */
  take(key: string, now: number): () => void {
    const before = this.#tries.get(key);
    const isOld = before === undefined || now - before.last > FORGOTTEN_MS;
    const count = (isOld ? 0 : before.count) + 1;
    this.#put(key, { count, until: now + this.#pauseMs(count), last: now });
    return () => {
      if (before === undefined) this.#tries.delete(key);
      else this.#put(key, before);
    };
  }

  /** A right try: all is well again. */
  forget(key: string): void {
    this.#tries.delete(key);
  }

  #pauseMs(count: number): number {
    const beyond = count - this.rule.free;
    if (beyond < 0) return 0;
    return Math.min(FIRST_PAUSE_MS * 2 ** Math.min(beyond, 30), this.rule.longestMs);
  }

  #put(key: string, tries: Tries): void {
    this.#tries.delete(key);
    this.#tries.set(key, tries);
    const [oldest] = this.#tries.keys();
    if (this.#tries.size > this.#maxKeys && oldest !== undefined) this.#tries.delete(oldest);
  }
}
