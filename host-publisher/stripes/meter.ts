import type { StripesFigures } from './stripes.ts';

export type Hold = 'busy' | 'path' | 'rate';

type Counts = Pick<
  StripesFigures,
  | 'frames'
  | 'refined'
  | 'stripes'
  | 'unchanged'
  | 'skippedBusy'
  | 'skippedPath'
  | 'skippedRate'
  | 'kbps'
  | 'soundKbps'
  | 'encodeMs'
  | 'encodeMaxMs'
>;

const SKIPS = { busy: 'skippedBusy', path: 'skippedPath', rate: 'skippedRate' } as const;

/** Counts what is done, until it is read. */
export class Meter {
  #sinceMs: number;
  #counts = nothing();
  #pictureBytes = 0;
  #soundBytes = 0;
  #encodeSumMs = 0;

  constructor(nowMs: number) {
    this.#sinceMs = nowMs;
  }

  /** A picture has left; `encodeMs` null: it repeats what is still. */
  picture(stripes: number, rows: number, bytes: number, encodeMs: number | null): void {
    const counts = this.#counts;
    counts.stripes += stripes;
    this.#pictureBytes += bytes;
    if (encodeMs === null) {
      counts.refined += 1;
      return;
    }
    counts.frames += 1;
    counts.unchanged += rows - stripes;
    this.#encodeSumMs += encodeMs;
    counts.encodeMaxMs = Math.max(counts.encodeMaxMs, encodeMs);
  }

  /** A picture came in which nothing was new. */
  unchanged(rows: number): void {
    this.#counts.unchanged += rows;
  }

  /** A newer picture took the place of one that was held back. */
  skipped(why: Hold): void {
    this.#counts[SKIPS[why]] += 1;
  }

  sound(bytes: number): void {
    this.#soundBytes += bytes;
  }

  /** What was counted since it was last read. */
  read(nowMs: number): Counts {
    const ms = Math.max(1, nowMs - this.#sinceMs);
    const counts = this.#counts;
    const read = {
      ...counts,
      kbps: (this.#pictureBytes * 8) / ms,
      soundKbps: (this.#soundBytes * 8) / ms,
      encodeMs: counts.frames === 0 ? 0 : this.#encodeSumMs / counts.frames,
    };
    this.#sinceMs = nowMs;
    this.#counts = nothing();
    this.#pictureBytes = 0;
    this.#soundBytes = 0;
    this.#encodeSumMs = 0;
    return read;
  }
}

const nothing = () => ({
  frames: 0,
  refined: 0,
  stripes: 0,
  unchanged: 0,
  skippedBusy: 0,
  skippedPath: 0,
  skippedRate: 0,
  encodeMaxMs: 0,
});
