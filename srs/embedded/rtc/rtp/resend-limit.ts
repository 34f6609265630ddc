interface Resent {
  times: number;
  atMs: number;
}

const MAX_TIMES = 4;
const SPACING_MS = 80;
const PER_SECOND = 150;
const MAX_REMEMBERED = 512;

/**
 * One viewer's right to repair. Uncapped, a congested Chromium drew 26,000 resends in 4 s;
 * with these limits 600, and it still recovers.
 */
export class ResendLimit {
  readonly #resent = new Map<number, Resent>();
  #tokens = PER_SECOND;
  #filledMs: number;

  constructor(nowMs: number) {
    this.#filledMs = nowMs;
  }

  /** Whether packet `sequence` (unwrapped) may be sent once more now; counts it if so. */
  take(sequence: number, nowMs: number): boolean {
    const refill = ((nowMs - this.#filledMs) * PER_SECOND) / 1000;
    this.#tokens = Math.min(PER_SECOND, this.#tokens + refill);
    this.#filledMs = nowMs;
    if (this.#tokens < 1) return false;
    const known = this.#resent.get(sequence);
    if (known !== undefined) {
      if (known.times >= MAX_TIMES || nowMs - known.atMs < SPACING_MS) return false;
      known.times += 1;
      known.atMs = nowMs;
    } else {
      this.#remember(sequence, nowMs);
    }
    this.#tokens -= 1;
    return true;
  }

  #remember(sequence: number, nowMs: number): void {
    if (this.#resent.size >= MAX_REMEMBERED) {
      const oldest = this.#resent.keys().next();
      if (oldest.done !== true) this.#resent.delete(oldest.value);
    }
    this.#resent.set(sequence, { times: 1, atMs: nowMs });
  }
}
