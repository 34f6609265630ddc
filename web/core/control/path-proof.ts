import { HEARTBEAT_MS } from '../../../gateway/protocol/control-terms.ts';

/** Asks that are remembered; after more the answer does not matter. */
const MOST_ASKED = 256;

/** A path that was not used for so long may have changed. */
const REST_MS = 1_000;

/** Whether a path that loses things still leads somewhere: what was asked by it and answered. */
export class PathProof {
  /** When was asked what no answer has overtaken. */
  #asked: number[] = [];
  #lastAskedAt = -Infinity;
  #rttMs = 0;
  #isProven = false;

  /** Whether it is time to ask again. */
  isDue(nowMs: number, everyMs: number): boolean {
    return nowMs - this.#lastAskedAt >= everyMs;
  }

  ask(nowMs: number): void {
    if (nowMs - this.#lastAskedAt > REST_MS) {
      this.#asked = [];
      this.#isProven = false;
    }
    this.#lastAskedAt = nowMs;
    if (this.#asked.length < MOST_ASKED) this.#asked.push(nowMs);
  }

  /** An answer to what was asked then: whatever was asked before it needs none. */
  hear(askedAtMs: number, nowMs: number): void {
    if (!this.#asked.includes(askedAtMs)) return;
    this.#asked = this.#asked.filter((at) => at > askedAtMs);
    this.#rttMs = nowMs - askedAtMs;
    this.#isProven = true;
  }

  /** After a rest until the first proof, or when none came within a heartbeat or two round trips. */
  isDoubtful(nowMs: number): boolean {
    return !this.#isProven || this.silenceMs(nowMs) > Math.max(HEARTBEAT_MS, 2 * this.#rttMs);
  }

  /** For how long nothing that was asked was answered. */
  silenceMs(nowMs: number): number {
    const [oldest = nowMs] = this.#asked;
    return nowMs - oldest;
  }
}
