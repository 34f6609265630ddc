const LEAST_GAP_MS = 1_000;

/** Passes the first request at once and those within the next second as one, at its end. */
export class KeyframeGate {
  readonly #force: () => void;
  readonly #now: () => number;
  #lastMs = -Infinity;
  #timer: NodeJS.Timeout | undefined;

  constructor(force: () => void, now: () => number = () => performance.now()) {
    this.#force = force;
    this.#now = now;
  }

  ask(): void {
    if (this.#timer !== undefined) return;
    const waitMs = this.#lastMs + LEAST_GAP_MS - this.#now();
    if (waitMs <= 0) this.#pass();
    else this.#timer = setTimeout(() => this.#pass(), waitMs);
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #pass(): void {
    this.#timer = undefined;
    this.#lastMs = this.#now();
    this.#force();
  }
}
