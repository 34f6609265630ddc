/** Messages that a client may send: so many a second, and as many at once. */
const PER_SECOND = 400;

/** Counts one client's messages. */
export class MessageBudget {
  #left = PER_SECOND;
  #atMs = performance.now();

  /** Takes one, or says that they are too many. */
  take(nowMs: number): boolean {
    const gained = ((nowMs - this.#atMs) * PER_SECOND) / 1000;
    this.#left = Math.min(PER_SECOND, this.#left + gained);
    this.#atMs = nowMs;
    if (this.#left < 1) return false;
    this.#left -= 1;
    return true;
  }
}
