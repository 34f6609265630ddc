/** One task at a time: another one ends that before it, and begins when that has ended. */
export class Turns {
  #turn = new AbortController();
  #work: Promise<void> = Promise.resolve();
  #stopped = false;

  next(task: (signal: AbortSignal) => Promise<void>): void {
    this.abort();
    if (this.#stopped) return;
    this.#turn = new AbortController();
    const { signal } = this.#turn;
    this.#work = this.#work.then(() => (signal.aborted ? undefined : task(signal)));
  }

  /** Resolves when what is done now has ended. */
  get settled(): Promise<void> {
    return this.#work;
  }

  /** Ends what is done now. */
  abort(): void {
    this.#turn.abort();
  }

  /** Nothing begins any more; resolves when the last one has ended. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.abort();
    await this.#work;
  }
}
