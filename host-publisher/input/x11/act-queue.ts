/** Runs one task after another: at once while none has to wait for something. */
export class ActQueue {
  #tail: Promise<void> | null = null;

  run(task: () => Promise<void> | undefined): void {
    const started = this.#tail === null ? task() : this.#tail.then(task);
    if (started === undefined) return;
    const tail = started
      .catch(() => undefined)
      .then(() => {
        if (this.#tail === tail) this.#tail = null;
      });
    this.#tail = tail;
  }

  /** Resolves when nothing waits. */
  async idle(): Promise<void> {
    while (this.#tail !== null) await this.#tail;
  }
}
