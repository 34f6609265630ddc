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

/** Joins the packets of successive sources into one stream without a step in either counter. */
export class Continuity {
  readonly #clockRate: number;
  #sequence: number;
  #timestamp: number;
  #atMs: number | null = null;
  #source: Source | null = null;

  constructor(options: {
    readonly clockRate: number;
    readonly sequence: number;
    readonly timestamp: number;
  }) {
    this.#clockRate = options.clockRate;
    // One cycle up, so that unwrapped numbers stay positive.
    this.#sequence = 0x10000 + options.sequence;
    this.#timestamp = options.timestamp;
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
    const elapsed = this.#atMs === null ? 0 : nowMs - this.#atMs;
    const ticks = Math.max(1, Math.round((elapsed * this.#clockRate) / 1000));
    this.#source = {
      unwrapper,
      first,
      sequenceOffset: this.#sequence + 1 - first,
      timestampOffset: this.#timestamp + ticks - timestamp,
    };
    return this.#source;
  }
}
