/** Decides at which moments frames of a fixed rate are due; a late one is left out, never queued. */
export class FrameClock {
  readonly #fps: number;
  readonly #startMs: number;
  #next = 0;

  constructor(fps: number, startMs: number) {
    this.#fps = fps;
    this.#startMs = startMs;
  }

  /** Number of the frame to paint now, or null when the next is not due yet. */
  due(nowMs: number): number | null {
    const current = Math.floor(((nowMs - this.#startMs) * this.#fps) / 1000);
    if (current < this.#next) return null;
    this.#next = current + 1;
    return current;
  }

  /** Milliseconds until the next frame is due. */
  waitMs(nowMs: number): number {
    return Math.max(0, this.#startMs + (this.#next * 1000) / this.#fps - nowMs);
  }

  /** Begin of a frame since the first one. */
  timeNs(frame: number): bigint {
    return (BigInt(frame) * 1_000_000_000n) / BigInt(this.#fps);
  }
}
