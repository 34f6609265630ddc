/** For so long a message that tells of times may be told to others. */
const FRESH_MS = 250;

/** A message that is made when somebody needs it, and made once for all who need it then. */
export class FreshMessage<T extends object> {
  readonly #make: () => T;
  #message: T | null = null;
  #madeAt = 0;

  constructor(make: () => T) {
    this.#make = make;
  }

  newest(): T {
    const now = performance.now();
    if (this.#message !== null && now - this.#madeAt < FRESH_MS) return this.#message;
    this.#madeAt = now;
    this.#message = this.#make();
    return this.#message;
  }

  /** It is not so any more. */
  drop(): void {
    this.#message = null;
  }
}
