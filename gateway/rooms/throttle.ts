/** Acts at once after a quiet interval, else at the end of the running one. */
export class Throttle {
  readonly #intervalMs: () => number;
  readonly #act: () => void;
  #timer: NodeJS.Timeout | undefined;
  #due = false;

  constructor(intervalMs: () => number, act: () => void) {
    this.#intervalMs = intervalMs;
    this.#act = act;
  }

  /** There is something to act on. */
  wish(): void {
    this.#due = true;
    if (this.#timer === undefined) this.#run();
  }

  /** Acts now, whatever the interval; the next one begins. */
  now(): void {
    clearTimeout(this.#timer);
    this.#due = true;
    this.#run();
  }

  /** Drops what is due. Usable again. */
  clear(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#due = false;
  }

  #run(): void {
    this.#timer = undefined;
    if (!this.#due) return;
    this.#due = false;
    this.#timer = setTimeout(() => this.#run(), this.#intervalMs()).unref();
    this.#act();
  }
}
