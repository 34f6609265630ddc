import type { RingEntry } from './packet-ring.ts';

/** Where the newest key frame of an output starts. */
export interface KeyframeStart {
  readonly sequence: number;
  readonly timestamp: number;
  readonly atMs: number;
}

/** Remembers the newest key frame. */
export class LastKeyframe {
  #start: KeyframeStart | null = null;

  get start(): KeyframeStart | null {
    return this.#start;
  }

  /** Notes a packet that looks like the start of one. */
  note({ sequence, timestamp }: RingEntry, atMs: number): void {
    const known = this.#start;
    if (known !== null && known.sequence >= sequence) return;
    // SPS, PPS and IDR of one frame each look like a start: the first counts.
    if (known?.timestamp !== timestamp) this.#start = { sequence, timestamp, atMs };
  }

  forget(): void {
    this.#start = null;
  }
}
