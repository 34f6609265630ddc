/** A value that tells its listeners when it is replaced; the shape React's `useSyncExternalStore` wants. */
export class Observable<T> {
  #value: T;
  readonly #listeners = new Set<() => void>();

  constructor(initial: T) {
    this.#value = initial;
  }

  /** The current value; the same reference until it is replaced. */
  get value(): T {
    return this.#value;
  }

  /** Replaces the value and calls every listener once. */
  set(next: T): void {
    if (Object.is(next, this.#value)) return;
    this.#value = next;
    for (const listener of [...this.#listeners]) listener();
  }

  /** Calls `listener` after each replacement until the returned function is called. */
  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };
}
