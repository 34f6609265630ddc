const SHORTEST_MS = 1_000;
const LONGEST_MS = 8_000;
/** Who needed none for so long begins anew. */
const CALM_MS = 30_000;

/** How often one viewer may make everybody's rows start anew: at once, then after 1, 2, 4 and 8 s. */
export class KeyPatience {
  #pauseMs = 0;
  #at = -Infinity;

  /** Whether it may now; it has then. */
  take(now: number): boolean {
    const since = now - this.#at;
    if (since < this.#pauseMs) return false;
    const isCalm = this.#pauseMs === 0 || since >= CALM_MS;
    this.#pauseMs = isCalm ? SHORTEST_MS : Math.min(LONGEST_MS, this.#pauseMs * 2);
    this.#at = now;
    return true;
  }
}
