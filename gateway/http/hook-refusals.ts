/** Hooks with a wrong secret, as far as they come from where media servers may be. */
export interface HookRefusalView {
  readonly count: number;
  /** Epoch milliseconds. */
  readonly lastAt: number;
  /** Who called last. */
  readonly address: string;
}

/** Remembers hooks that were refused: whoever publishes at that media server is refused with them. */
export class HookRefusals {
  readonly #now: () => number;
  #last: HookRefusalView | null = null;

  constructor(now: () => number) {
    this.#now = now;
  }

  note(address: string): void {
    this.#last = { count: (this.#last?.count ?? 0) + 1, lastAt: this.#now(), address };
  }

  /** Null: there was none since the start. */
  get last(): HookRefusalView | null {
    return this.#last;
  }
}
