import { LIMITS } from '../limits/limits.ts';

/** Lets so many offers of one address be under way at once; the others wait their turn. */
export class OffersUnderWay {
  readonly #running = new Map<string, number>();
  readonly #waiting = new Map<string, (() => void)[]>();

  /** Resolves when it is this one's turn, with what to call at its end. */
  async enter(address: string): Promise<() => void> {
    const running = this.#running.get(address) ?? 0;
    if (running >= LIMITS.offersUnderWay) {
      const { promise, resolve } = Promise.withResolvers<undefined>();
      const queue = this.#waiting.get(address) ?? [];
      this.#waiting.set(address, queue);
      queue.push(() => resolve(undefined));
      // Whoever leaves hands its place over.
      await promise;
    } else {
      this.#running.set(address, running + 1);
    }
    return () => this.#leave(address);
  }

  #leave(address: string): void {
    const queue = this.#waiting.get(address);
    const next = queue?.shift();
    if (queue?.length === 0) this.#waiting.delete(address);
    if (next !== undefined) {
      next();
      return;
    }
    const running = (this.#running.get(address) ?? 1) - 1;
    if (running === 0) this.#running.delete(address);
    else this.#running.set(address, running);
  }
}
