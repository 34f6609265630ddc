import { sequenceDelta } from './header.ts';

/** Turns 16-bit counters into ever-growing ones, by distance from the newest seen. */
export class SequenceUnwrapper {
  #newest: number | null = null;

  /** The newest value so far, or null before the first. */
  get newest(): number | null {
    return this.#newest;
  }

  /** The full value of `sequence`; starts one cycle up so that early reordering stays positive. */
  unwrap(sequence: number): number {
    if (this.#newest === null) {
      this.#newest = 0x10000 + sequence;
      return this.#newest;
    }
    const full = this.#newest + sequenceDelta(sequence, this.#newest & 0xffff);
    if (full > this.#newest) this.#newest = full;
    return full;
  }
}
