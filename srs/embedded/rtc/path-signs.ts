/** Signs older than this say nothing. */
const STALE_MS = 5_000;
const BAD_LOSS = 0.1;
const CLEAN_LOSS = 0.02;
/** Round trips longer than the shortest by this much, twice running, or once by twice as much. */
const QUEUE_MS = 120;
/** With an estimate that is too low, half of either is enough. */
const SLIGHT_QUEUE_MS = QUEUE_MS / 2;
/** The shortest round trip is sought anew this often: paths change. */
const BASE_WINDOW_MS = 60_000;
const ENOUGH = 0.9;

interface Sign {
  readonly value: number;
  readonly atMs: number;
}

/**
 * What one viewer says of its path: loss and round trips of its receiver reports, and its REMB.
 * Chromium's estimate of a stream without send times falls on any jitter, and never rises above
 * 1.5 times the stream: it is believed only together with one of the others.
 */
export class PathSigns {
  #estimate: Sign | null = null;
  #loss: Sign | null = null;
  #lossy = 0;
  #trip: Sign | null = null;
  #slow = 0;
  #slightlySlow = 0;
  #base: Sign | null = null;
  #nextBase: Sign | null = null;

  heardEstimate(bps: number, atMs: number): void {
    this.#estimate = { value: bps, atMs };
  }

  /** The fraction lost, 0 to 1. */
  heardLoss(fraction: number, atMs: number): void {
    this.#loss = { value: fraction, atMs };
    this.#lossy = fraction >= BAD_LOSS ? this.#lossy + 1 : 0;
  }

  heardRoundTrip(tripMs: number, atMs: number): void {
    this.#trip = { value: tripMs, atMs };
    this.#noteBase(this.#trip);
    this.#slow = this.#queueMs >= QUEUE_MS ? this.#slow + 1 : 0;
    this.#slightlySlow = this.#queueMs >= SLIGHT_QUEUE_MS ? this.#slightlySlow + 1 : 0;
  }

  /** What was heard until now was about another rate. */
  forget(): void {
    this.#estimate = null;
    this.#loss = null;
    this.#lossy = 0;
    this.#trip = null;
    this.#slow = 0;
    this.#slightlySlow = 0;
  }

  /** The path bears less than the `bps` that are sent. */
  isFull(bps: number, nowMs: number): boolean {
    const loss = fresh(this.#loss, nowMs) ?? 0;
    const queueMs = fresh(this.#trip, nowMs) === null ? 0 : this.#queueMs;
    if (loss >= 3 * BAD_LOSS || (loss >= BAD_LOSS && this.#lossy >= 2)) return true;
    if (queueMs >= 2 * QUEUE_MS || this.#slow >= 2) return true;
    const estimate = this.estimate(nowMs);
    if (estimate === null || estimate >= ENOUGH * bps) return false;
    return loss >= BAD_LOSS / 2 || this.#slightlySlow >= 2;
  }

  /** Nothing speaks against sending more. */
  isClean(nowMs: number): boolean {
    const queueMs = fresh(this.#trip, nowMs) === null ? 0 : this.#queueMs;
    return (fresh(this.#loss, nowMs) ?? 0) <= CLEAN_LOSS && queueMs < SLIGHT_QUEUE_MS;
  }

  /** The viewer's REMB; null when there is none of late. */
  estimate(nowMs: number): number | null {
    return fresh(this.#estimate, nowMs);
  }

  get #queueMs(): number {
    return (this.#trip?.value ?? 0) - (this.#base?.value ?? 0);
  }

  #noteBase(trip: Sign): void {
    if (this.#nextBase === null || trip.value < this.#nextBase.value) this.#nextBase = trip;
    const base = this.#base;
    if (base === null || trip.value <= base.value) {
      this.#base = trip;
      this.#nextBase = null;
    } else if (trip.atMs - base.atMs > BASE_WINDOW_MS) {
      this.#base = this.#nextBase;
      this.#nextBase = null;
    }
  }
}

const fresh = (sign: Sign | null, nowMs: number): number | null =>
  sign === null || nowMs - sign.atMs > STALE_MS ? null : sign.value;
