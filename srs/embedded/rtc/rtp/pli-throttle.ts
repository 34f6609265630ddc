const SPACING_MS = 500;

/** Joins key frame requests to at most one per 500 ms; the last one is never lost. */
export class PliThrottle {
  #sentMs = Number.NEGATIVE_INFINITY;
  #wanted = false;

  /** When the last request went out. */
  get sentMs(): number {
    return this.#sentMs;
  }

  /** Notes a wish; true when the request must go out now. */
  request(nowMs: number): boolean {
    this.#wanted = true;
    return this.due(nowMs);
  }

  /** True once when a kept wish may go out. */
  due(nowMs: number): boolean {
    if (!this.#wanted || nowMs - this.#sentMs < SPACING_MS) return false;
    this.#wanted = false;
    this.#sentMs = nowMs;
    return true;
  }

  /** A key frame came: kept wishes are answered by it. */
  satisfied(): void {
    this.#wanted = false;
  }

  /** Another publisher: what the former was asked counts no longer. */
  reset(): void {
    this.#sentMs = Number.NEGATIVE_INFINITY;
    this.#wanted = false;
  }
}
