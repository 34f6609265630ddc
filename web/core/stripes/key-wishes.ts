const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 8_000;
/** So long without a wish: the next one is the first again. */
const FORGET_MS = 15_000;

/** Asks for key frames: at once, then after 0.5, 1, 2, 4 and 8 s. One wish covers all rows. */
export class KeyWishes {
  readonly #ask: () => void;
  readonly #now: () => number;
  #pauseMs = FIRST_PAUSE_MS;
  #askedAtMs = -Infinity;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(ask: () => void, now: () => number) {
    this.#ask = ask;
    this.#now = now;
  }

  wish(): void {
    if (this.#timer !== undefined) return;
    const sinceMs = this.#now() - this.#askedAtMs;
    if (sinceMs >= FORGET_MS) this.#pauseMs = FIRST_PAUSE_MS;
    if (sinceMs >= this.#pauseMs) this.#askNow();
    else this.#timer = setTimeout(() => this.#askNow(), this.#pauseMs - sinceMs);
  }

  /** A whole picture is there: what was wished for has come. */
  fulfil(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  /** As on the first day. */
  reset(): void {
    this.fulfil();
    this.#askedAtMs = -Infinity;
    this.#pauseMs = FIRST_PAUSE_MS;
  }

  #askNow(): void {
    this.#timer = undefined;
    if (this.#askedAtMs !== -Infinity) {
      this.#pauseMs = Math.min(LONGEST_PAUSE_MS, this.#pauseMs * 2);
    }
    this.#askedAtMs = this.#now();
    this.#ask();
  }
}
