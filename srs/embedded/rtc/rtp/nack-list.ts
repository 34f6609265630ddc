interface Missing {
  readonly sinceMs: number;
  askedMs: number;
  times: number;
}

const MAX_GAP = 300;
/** The shortest pause before the same packet is asked for again. */
const REPEAT_MS = 40;
/** A repair that comes back this late is not worth waiting for longer. */
const LONGEST_REPEAT_MS = 400;
const MAX_TIMES = 8;
const GIVE_UP_MS = 1000;

/** What is missing from a received stream, and when to ask for it (again). */
export class NackList {
  readonly #missing = new Map<number, Missing>();
  #newest: number | null = null;
  /** Smoothed time from a request to its repair: a full queue on the way makes it long. */
  #repairMs = 0;

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
      this.#noteRepair(sequence, nowMs);
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

  /**
   * What has been asked for in vain for 40 ms, or for as long as repairs take: asking sooner would
   * fill a narrow uplink with repeats. Forgets after 8 times or a second.
   */
  due(nowMs: number): readonly number[] {
    if (this.#missing.size === 0) return [];
    const again: number[] = [];
    const repeatMs = Math.min(Math.max(REPEAT_MS, this.#repairMs * 1.25), LONGEST_REPEAT_MS);
    for (const [sequence, entry] of this.#missing) {
      if (entry.times >= MAX_TIMES || nowMs - entry.sinceMs > GIVE_UP_MS) {
        this.#missing.delete(sequence);
      } else if (nowMs - entry.askedMs >= repeatMs) {
        entry.askedMs = nowMs;
        entry.times += 1;
        again.push(sequence);
      }
    }
    return again;
  }

  #noteRepair(sequence: number, nowMs: number): void {
    const repaired = this.#missing.get(sequence);
    if (repaired === undefined) return;
    this.#missing.delete(sequence);
    this.#repairMs += (nowMs - repaired.sinceMs - this.#repairMs) / 8;
  }
}
