import { GatewayError } from '../errors.ts';
import { LIMITS } from '../limits/limits.ts';

/** Runs few at once what takes long and much memory; the others wait in line, and not too many of them. */
export class HashQueue {
  readonly #waiting: (() => void)[] = [];
  #running = 0;

  /** Those that run or wait. */
  get size(): number {
    return this.#running + this.#waiting.length;
  }

  /** @throws GatewayError `capacity` when the line is full, and what `work` throws. */
  async run<T>(work: () => Promise<T>): Promise<T> {
    if (this.#running < LIMITS.passwordsAtOnce) this.#running += 1;
    else await this.#queue();
    try {
      return await work();
    } finally {
      const next = this.#waiting.shift();
      if (next === undefined) this.#running -= 1;
      else next();
    }
  }

  /** Resolves when it is somebody's turn, who takes the place of one that is done. */
  #queue(): Promise<void> {
    if (this.#waiting.length >= LIMITS.passwordsWaiting) {
      throw new GatewayError('capacity', 'Too many logins at once. Try again.', {
        retryAfterSeconds: 5,
      });
    }
    return new Promise((resolve) => this.#waiting.push(resolve));
  }
}
