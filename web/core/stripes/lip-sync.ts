/** A picture that is older says nothing of the path now. */
const FRESH_MS = 1_000;
/** How fast a delay follows what is measured: this share of the difference each time. */
const SHARE = 0.2;

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
    this.#pictureDelayMs = before === null ? delayMs : before + (delayMs - before) * SHARE;
    this.#paintedAtMs = atMs;
  }

  /** What was captured then is heard `atMs`. */
  heard(capturedAtUs: number, atMs: number): void {
    if (this.#pictureDelayMs === null || atMs - this.#paintedAtMs > FRESH_MS) {
      this.#skewMs = null;
      return;
    }
    const skewMs = atMs - capturedAtUs / 1000 - this.#pictureDelayMs;
    this.#skewMs = this.#skewMs === null ? skewMs : this.#skewMs + (skewMs - this.#skewMs) * SHARE;
  }

  forget(): void {
    this.#pictureDelayMs = null;
    this.#paintedAtMs = -Infinity;
    this.#skewMs = null;
  }
}
