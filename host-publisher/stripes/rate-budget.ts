/** What may leave at once after a rest. */
const BURST_MS = 250;
const LEAST_SHARE = 0.05;
const GROWTH = 1.15;
/** A rest of so long raises the share by one step. */
const GROWTH_MS = 50;

/**
 * Holds what is sent below a bitrate: nothing leaves while more was spent than has come, and
 * `share` tells encoders how much of their quality the bitrate bears.
 */
export class RateBudget {
  #bytesPerMs = 0;
  #level = 0;
  #atMs: number;
  #spentAtMs: number;
  #share = 1;

  constructor(bitrateKbps: number, nowMs: number) {
    this.#atMs = nowMs;
    this.#spentAtMs = nowMs;
    this.tune(bitrateKbps, nowMs);
    this.#level = this.#most;
  }

  /** Above 0, at most 1. */
  get share(): number {
    return this.#share;
  }

  tune(bitrateKbps: number, nowMs: number): void {
    this.#refill(nowMs);
    this.#bytesPerMs = bitrateKbps / 8;
    this.#level = Math.min(this.#level, this.#most);
  }

  /** A picture of so many bytes has left; `live`: it says how much the content takes. */
  spend(bytes: number, live: boolean, nowMs: number): void {
    const restMs = nowMs - this.#spentAtMs;
    this.#spentAtMs = nowMs;
    this.#refill(nowMs);
    const wasFull = this.#level > this.#most / 2;
    this.#level -= bytes;
    if (!live) return;
    if (this.#level < 0) {
      const kept = 1 + this.#level / Math.max(bytes, this.#most);
      this.#share = Math.max(LEAST_SHARE, this.#share * Math.max(0.7, kept));
    } else if (wasFull) {
      this.#share = Math.min(1, this.#share * GROWTH ** Math.max(1, restMs / GROWTH_MS));
    }
  }

  /** How long nothing may leave; 0: it may now. */
  waitMs(nowMs: number): number {
    this.#refill(nowMs);
    return this.#level >= 0 ? 0 : Math.ceil(-this.#level / this.#bytesPerMs);
  }

  /** How long what could be left out has to wait. */
  restMs(nowMs: number): number {
    this.#refill(nowMs);
    const missing = this.#most / 2 - this.#level;
    return missing <= 0 ? 0 : Math.ceil(missing / this.#bytesPerMs);
  }

  get #most(): number {
    return this.#bytesPerMs * BURST_MS;
  }

  #refill(nowMs: number): void {
    this.#level = Math.min(this.#most, this.#level + (nowMs - this.#atMs) * this.#bytesPerMs);
    this.#atMs = nowMs;
  }
}
