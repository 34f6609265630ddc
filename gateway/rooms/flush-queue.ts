/** What is written per turn of the event loop, some 10 us each: input of others waits for no more. */
const PER_TURN = 25;

/** Flushes what was added, once each and soon, some per turn of the event loop. */
export class FlushQueue {
  readonly #waiting = new Set<{ flush(): void }>();
  #scheduled = false;

  add(item: { flush(): void }): void {
    this.#waiting.add(item);
    this.#schedule();
  }

  #schedule(): void {
    if (this.#scheduled || this.#waiting.size === 0) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      let left = PER_TURN;
      for (const item of this.#waiting) {
        this.#waiting.delete(item);
        item.flush();
        if (--left === 0) break;
      }
      this.#schedule();
    });
  }
}
