interface Missing {
  readonly sinceMs: number;
  askedMs: number;
  times: number;
}

const MAX_GAP = 300;
const REPEAT_MS = 40;
const MAX_TIMES = 8;
const GIVE_UP_MS = 1000;

/** What is missing from a received stream, and when to ask for it (again). */
export class NackList {
  readonly #missing = new Map<number, Missing>();
  #newest: number | null = null;

  get size(): number {
    return this.#missing.size;
  }

  /**
   * Notes an arrival (unwrapped sequence). Returns what to ask for at once, `null` when the
   * gap is too wide to repair and a key frame is needed.
   */
  arrived(sequence: number, nowMs: number): readonly number[] | null {
    const newest = this.#newest;
    if (newest === null || sequence <= newest) {
      this.#newest ??= sequence;
      this.#missing.delete(sequence);
      return [];
    }
    this.#newest = sequence;
    if (sequence - newest - 1 > MAX_GAP) {
      this.#missing.clear();
      return null;
    }
    const fresh: number[] = [];
    for (let lost = newest + 1; lost < sequence; lost += 1) {
      this.#missing.set(lost, { sinceMs: nowMs, askedMs: nowMs, times: 1 });
      fresh.push(lost);
    }
    return fresh;
  }

  /** What has been asked for in vain for 40 ms; forgets after 8 times or a second. */
  due(nowMs: number): readonly number[] {
    if (this.#missing.size === 0) return [];
    const again: number[] = [];
    for (const [sequence, entry] of this.#missing) {
      if (entry.times >= MAX_TIMES || nowMs - entry.sinceMs > GIVE_UP_MS) {
        this.#missing.delete(sequence);
      } else if (nowMs - entry.askedMs >= REPEAT_MS) {
        entry.askedMs = nowMs;
        entry.times += 1;
        again.push(sequence);
      }
    }
    return again;
  }
}
