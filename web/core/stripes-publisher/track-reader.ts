/** Reads a stream of captured pieces until it ends or `stop`; each goes to `take`, which closes it. */
export class TrackReader<T extends { close(): void }> {
  readonly #reader: ReadableStreamDefaultReader<T>;
  readonly #take: (piece: T) => void;
  #state: 'reading' | 'stopped' = 'reading';

  constructor(stream: ReadableStream<T>, take: (piece: T) => void) {
    this.#reader = stream.getReader();
    this.#take = take;
    // The end of a track is told by the track.
    this.#read().catch(() => undefined);
  }

  /** Takes nothing more; the track stays its owner's. Idempotent. */
  stop(): void {
    if (this.#isStopped()) return;
    this.#state = 'stopped';
    this.#reader.cancel().catch(() => undefined);
  }

  async #read(): Promise<void> {
    for (;;) {
      const { value, done } = await this.#reader.read();
      if (done) return;
      if (this.#isStopped()) value.close();
      else this.#take(value);
    }
  }

  #isStopped(): boolean {
    return this.#state === 'stopped';
  }
}
