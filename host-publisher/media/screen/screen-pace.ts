/** Of a picture's time: how long the next change is waited for when it is time for a picture. */
const WINDOW = 1 / 4;
/** Of how far a change is from the middle of its window: what the next window moves. */
const FOLLOWED = 1 / 8;

/**
 * When a screen is captured: right after it changed, as far as the rate allows, and at the rate while
 * it does not change. What paints at the rate or at a multiple of it is captured right after its
 * pictures, not anywhere between them. Times are milliseconds of one clock.
 */
export class ScreenPace {
  readonly #pictureMs: number;
  readonly #windowMs: number;
  /** From here on a change is captured at once; one of before is, at the end of the window. */
  #openAtMs: number;
  /** The screen is captured here though nothing was told of it. */
  #stillAtMs: number;
  #isChanged = false;
  #isHeard = true;
  #isTimely = false;

  constructor(fps: number, nowMs: number) {
    this.#pictureMs = 1000 / fps;
    this.#windowMs = this.#pictureMs * WINDOW;
    this.#openAtMs = nowMs;
    this.#stillAtMs = nowMs;
  }

  /** The screen has changed; true: it is to be captured now. */
  changed(nowMs: number): boolean {
    this.#isChanged = true;
    this.#isHeard = false;
    this.#isTimely = nowMs >= this.#openAtMs;
    return this.#isTimely;
  }

  /** What is due: a capture, or to hear of the next change; null: nothing yet. */
  due(nowMs: number): 'capture' | 'hear' | null {
    if (nowMs >= this.#dueAtMs) return 'capture';
    return nowMs >= this.#hearAtMs ? 'hear' : null;
  }

  /** Milliseconds until {@link due} has something to say, unless the screen changes before. */
  waitMs(nowMs: number): number {
    return Math.max(0, Math.min(this.#hearAtMs, this.#dueAtMs) - nowMs);
  }

  /** The next change will be told. */
  hears(): void {
    this.#isHeard = true;
  }

  /** The screen is being captured. */
  captures(nowMs: number): void {
    if (this.#isChanged) {
      const offMs = nowMs - this.#openAtMs - this.#windowMs / 2;
      const isLate = nowMs > this.#openAtMs + 2 * this.#windowMs;
      const moveMs = isLate ? offMs : this.#isTimely ? offMs * FOLLOWED : 0;
      this.#openAtMs += this.#pictureMs + moveMs;
      this.#stillAtMs = this.#openAtMs + this.#windowMs;
    } else {
      const isLate = nowMs - this.#stillAtMs > this.#pictureMs;
      this.#stillAtMs = (isLate ? nowMs : this.#stillAtMs) + this.#pictureMs;
    }
    this.#isChanged = false;
    this.#isTimely = false;
  }

  get #dueAtMs(): number {
    if (!this.#isChanged) return this.#stillAtMs;
    return Math.min(this.#stillAtMs, this.#openAtMs + this.#windowMs);
  }

  get #hearAtMs(): number {
    return this.#isChanged && !this.#isHeard ? this.#openAtMs : Infinity;
  }
}
