/** A picture that is older says nothing of the path now. */
const FRESH_MS = 1_000;
/** How fast a delay follows what is measured: this share of the difference each time. */
const SHARE = 0.2;
/** What differs by more is not smoothed: a picture that stood still for long, or another clock. */
const JUMP_MS = 500;
/** More is no question of lip-sync. */
const LARGEST_MS = 1_000;

/**
 * How much later than the picture sound is heard. Both delays are from the publisher's clock of
 * capture to this machine's clock, so what the clocks differ by cancels.
 */
export class LipSync {
  #pictureDelayMs: number | null = null;
  #paintedAtMs = -Infinity;
  #skewMs: number | null = null;

  /** The last one that was measured, ms; null: there was no picture then. */
  get skewMs(): number | null {
    return this.#skewMs;
  }

  /** A picture was painted. */
  painted(capturedAtUs: number, atMs: number): void {
    const delayMs = atMs - capturedAtUs / 1000;
    const before = atMs - this.#paintedAtMs > FRESH_MS ? null : this.#pictureDelayMs;
    this.#pictureDelayMs = smooth(before, delayMs);
    this.#paintedAtMs = atMs;
  }

  /** What was captured then is heard `atMs`. */
  heard(capturedAtUs: number, atMs: number): void {
    if (this.#pictureDelayMs === null || atMs - this.#paintedAtMs > FRESH_MS) {
      this.#skewMs = null;
      return;
    }
    const skewMs = atMs - capturedAtUs / 1000 - this.#pictureDelayMs;
    this.#skewMs = Math.abs(skewMs) > LARGEST_MS ? null : smooth(this.#skewMs, skewMs);
  }

  forget(): void {
    this.#pictureDelayMs = null;
    this.#paintedAtMs = -Infinity;
    this.#skewMs = null;
  }
}

const smooth = (before: number | null, now: number): number =>
  before === null || Math.abs(now - before) > JUMP_MS ? now : before + (now - before) * SHARE;
