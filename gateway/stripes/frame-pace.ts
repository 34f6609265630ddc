const FIRST_INTERVAL_MS = 1000 / 30;
const SHORTEST_MS = 1000 / 120;
/** Longer ones are pauses. */
const LONGEST_MS = 200;
const WEIGHT = 1 / 8;

/** How fast the pictures of a publisher follow each other while there is something to show. */
export class FramePace {
  #intervalMs = FIRST_INTERVAL_MS;
  #at = -Infinity;

  get perSecond(): number {
    return 1000 / this.#intervalMs;
  }

  /** A picture begins. */
  note(now: number): void {
    const interval = Math.max(SHORTEST_MS, now - this.#at);
    this.#at = now;
    if (interval < LONGEST_MS) this.#intervalMs += (interval - this.#intervalMs) * WEIGHT;
  }
}
