import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { LIMITS } from '../limits/limits.ts';

/**
 * A budget per key and window. Memory is bounded: a key is gone when its window is over, and beyond
 * `limiterKeys` the oldest makes way.
 */
export class BoundedLimiter {
  readonly #limiter: RateLimiterMemory;
  readonly #windowMs: number;
  readonly #maxKeys: number;
  /** Key and the end of its window, oldest first. */
  readonly #ends = new Map<string, number>();

  constructor(points: number, seconds: number, maxKeys: number = LIMITS.limiterKeys) {
    this.#limiter = new RateLimiterMemory({ points, duration: seconds });
    this.#windowMs = seconds * 1000;
    this.#maxKeys = maxKeys;
  }

  /** Keys whose window is not over. */
  get size(): number {
    this.#forgetEnded(Date.now());
    return this.#ends.size;
  }

  /** Takes one; resolves with the milliseconds to wait when the budget is spent, else with 0. */
  async take(key: string): Promise<number> {
    this.#note(key);
    try {
      await this.#limiter.consume(key);
      return 0;
    } catch (reason) {
      if (reason instanceof RateLimiterRes) return Math.max(1, reason.msBeforeNext);
      throw reason;
    }
  }

  /** Milliseconds to wait while the budget is spent, else 0; takes nothing. */
  async waitOf(key: string): Promise<number> {
    if (!this.#ends.has(key)) return 0;
    const state = await this.#limiter.get(key);
    if (state === null || state.remainingPoints > 0) return 0;
    return Math.max(0, state.msBeforeNext);
  }

  #note(key: string): void {
    const now = Date.now();
    this.#forgetEnded(now);
    if (this.#ends.has(key)) return;
    const [oldest] = this.#ends.keys();
    if (this.#ends.size >= this.#maxKeys && oldest !== undefined) {
      this.#ends.delete(oldest);
      void this.#limiter.delete(oldest);
    }
    this.#ends.set(key, now + this.#windowMs);
  }

  /** All windows have one length, so the oldest end first. */
  #forgetEnded(now: number): void {
    for (const [key, end] of this.#ends) {
      if (end > now) return;
      this.#ends.delete(key);
    }
  }
}
