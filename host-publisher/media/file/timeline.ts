const NS_PER_MS = 1_000_000n;
const FIRST_NS = 60n * NS_PER_MS;
const MOST_AHEAD_NS = 400n * NS_PER_MS;
/** Frames that may wait to be shown; of 4K each has 12 MB. */
const MOST_FRAMES = 16n;
const LATE_NS = 500n * NS_PER_MS;

interface Stretch {
  readonly timeNs: bigint;
  readonly durationNs: bigint;
}

/** Maps the times of a file that plays over and over to those of a pipeline, which only grow. */
export class Timeline {
  readonly #aheadNs: bigint;
  /** Pipeline's time of the file's start in this turn; null until the first frame is there. */
  #originNs: bigint | null = null;
  #endNs = 0n;

  constructor(fps: number) {
    const framesNs = (MOST_FRAMES * 1_000_000_000n) / BigInt(fps);
    this.#aheadNs = framesNs < MOST_AHEAD_NS ? framesNs : MOST_AHEAD_NS;
  }

  /** When to show this, or null when it is too early to hand it on. */
  due({ timeNs, durationNs }: Stretch, nowNs: bigint): bigint | null {
    this.#originNs ??= nowNs + FIRST_NS - timeNs;
    const dueNs = this.#originNs + timeNs;
    if (dueNs > nowNs + this.#aheadNs) return null;
    const end = timeNs + (durationNs < 10_000_000_000n ? durationNs : 0n);
    if (end > this.#endNs) this.#endNs = end;
    if (dueNs >= nowNs - LATE_NS) return dueNs;
    // Decoding falls behind: everything moves, so that picture and sound stay together.
    this.#originNs = nowNs - timeNs;
    return nowNs;
  }

  /** The file begins again where its longest track has ended. */
  turn(): void {
    if (this.#originNs !== null) this.#originNs += this.#endNs;
    this.#endNs = 0n;
  }

  /** Whether the last frame has been shown. */
  isOver(nowNs: bigint): boolean {
    return this.#originNs === null || nowNs >= this.#originNs + this.#endNs;
  }
}
