import { SequenceUnwrapper } from './sequence-unwrapper.ts';

/** Where a source's packet stands in the output stream. */
export interface OutputPosition {
  /** Unwrapped output sequence. */
  readonly sequence: number;
  readonly timestamp: number;
}

interface Source {
  readonly unwrapper: SequenceUnwrapper;
  readonly first: number;
  readonly sequenceOffset: number;
  readonly timestampOffset: number;
}

/** Beyond this a new source's clock is none that the one before had. */
const SAME_CLOCK_MS = 1_000;

/**
 * Joins the packets of successive sources into one stream without a step in either counter.
 * Timestamps are the first source's own, and stay those of the sources that go on with its clock.
 */
export class Continuity {
  readonly #clockRate: number;
  #sequence: number;
  #timestamp = 0;
  #timestampOffset = 0;
  #atMs: number | null = null;
  #source: Source | null = null;

  constructor(options: { readonly clockRate: number; readonly sequence: number }) {
    this.#clockRate = options.clockRate;
    // One cycle up, so that unwrapped numbers stay positive.
    this.#sequence = 0x10000 + options.sequence;
  }

  /** The next packet is the first of another source. */
  restart(): void {
    this.#source = null;
  }

  /** The output position of a packet; null when it is older than its source's first. */
  place(sequence: number, timestamp: number, nowMs: number): OutputPosition | null {
    const source = this.#source ?? this.#begin(sequence, timestamp, nowMs);
    const full = source.unwrapper.unwrap(sequence);
    if (full < source.first) return null;
    const placed = full + source.sequenceOffset;
    const moved = (timestamp + source.timestampOffset) >>> 0;
    if (placed > this.#sequence) {
      this.#sequence = placed;
      this.#timestamp = moved;
      this.#atMs = nowMs;
    }
    return { sequence: placed, timestamp: moved };
  }

  /** A timestamp of the current source in the output's terms; null without a source. */
  timestampOf(timestamp: number): number | null {
    return this.#source === null ? null : (timestamp + this.#source.timestampOffset) >>> 0;
  }

  #begin(sequence: number, timestamp: number, nowMs: number): Source {
    const unwrapper = new SequenceUnwrapper();
    const first = unwrapper.unwrap(sequence);
    if (this.#atMs !== null) this.#timestampOffset = this.#offsetOf(timestamp, nowMs - this.#atMs);
    this.#source = {
      unwrapper,
      first,
      sequenceOffset: this.#sequence + 1 - first,
      timestampOffset: this.#timestampOffset,
    };
    return this.#source;
  }

  /** For a source that begins so long after what was last placed. */
  #offsetOf(timestamp: number, elapsedMs: number): number {
    const ticksIn = (ms: number): number => Math.round((ms * this.#clockRate) / 1000);
    const elapsed = Math.max(1, ticksIn(elapsedMs));
    const step = (timestamp + this.#timestampOffset - this.#timestamp) | 0;
    if (step > 0 && Math.abs(step - elapsed) <= ticksIn(SAME_CLOCK_MS))
      return this.#timestampOffset;
    return this.#timestamp + elapsed - timestamp;
  }
}
