/** Frames that a host may not have answered: 60 answers a second speak of the newest each. */
const REMEMBERED = 512;

/** When frames went to the host, to measure how long it took. Milliseconds of one clock. */
export class SentFrames {
  readonly #at = new Map<string, number>();

  note(frame: { readonly epoch: number; readonly sequence: number }, now: number): void {
    this.#at.set(keyOf(frame), now);
    if (this.#at.size <= REMEMBERED) return;
    const [oldest] = this.#at.keys();
    if (oldest !== undefined) this.#at.delete(oldest);
  }

  /** When a frame went; once. */
  take(frame: { readonly epoch: number; readonly sequence: number }): number | undefined {
    const at = this.#at.get(keyOf(frame));
    this.#at.delete(keyOf(frame));
    return at;
  }

  clear(): void {
    this.#at.clear();
  }
}

const keyOf = ({ epoch, sequence }: { readonly epoch: number; readonly sequence: number }) =>
  `${epoch}/${sequence}`;
