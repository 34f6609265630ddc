import { LIMITS } from '../limits/limits.ts';

/**
 * Starts what many ask for at once in turns of the event loop: so many of each key, so that whoever
 * sends a thousand requests waits for himself and nobody else does.
 */
export class Turns {
  readonly #started = new Map<string, number>();
  readonly #waiting = new Map<string, (() => void)[]>();
  #scheduled = false;

  /** Calls `start` now or in a later turn, in the order of its key. */
  take(key: string, start: () => void): void {
    const count = this.#started.get(key) ?? 0;
    const queue = this.#waiting.get(key);
    if (queue !== undefined) queue.push(start);
    else if (count >= LIMITS.requestsPerTurn) this.#waiting.set(key, [start]);
    else {
      this.#started.set(key, count + 1);
      start();
    }
    this.#schedule();
  }

  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    setImmediate(() => this.#next());
  }

  #next(): void {
    this.#scheduled = false;
    this.#started.clear();
    for (const [key, queue] of this.#waiting) {
      const some = queue.splice(0, LIMITS.requestsPerTurn);
      if (queue.length === 0) this.#waiting.delete(key);
      this.#started.set(key, some.length);
      for (const start of some) start();
    }
    if (this.#waiting.size > 0) this.#schedule();
  }
}
