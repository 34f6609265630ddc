import { videoBitsPerPixel } from './bitrate-choice.ts';

/** Counters and figures of one sender at one moment. */
export interface UplinkReading {
  readonly atMs: number;
  /** Frames that the capture has delivered so far. */
  readonly framesOffered: number;
  /** Frames that the encoder has let out so far. */
  readonly framesEncoded: number;
  /** What the bandwidth estimate leaves for media. */
  readonly availableBps: number;
  /** The captured picture, before any scaling. */
  readonly width: number;
  readonly height: number;
  readonly framesPerSecond: number;
}

/** By how much each side may be divided, as `scaleResolutionDownBy` takes it. */
const STEPS = [1, 1.5, 2, 3, 4] as const;
/** Below this share of the captured frames the encoder is starved. */
const STARVED_RATIO = 0.75;
/** Frames in one interval from which the ratio means something: a still screen offers fewer. */
const LEAST_OFFERED = 6;
/** The key frame of a new size alone can starve the next frames for a second at 1 Mbit/s. */
const SETTLE_MS = 1_500;
const RAISE_AFTER_MS = 5_000;
const MOST_RAISE_AFTER_MS = 60_000;
/** A raise that starves the encoder within this time was a mistake. */
const RAISE_TRIAL_MS = 10_000;

/**
 * Which picture size keeps the frame rate on the uplink as it is.
 *
 * Chromium's own quality scaler needs 5 s of bad frames before it gives up the first quarter of the
 * pixels [measured: 720p at 14 to 19 fps for 5 s after 2.2 → 1 Mbit/s]; the bandwidth estimate knows
 * after one.
 */
export class PictureScale {
  #step = 0;
  #before: UplinkReading | null = null;
  #roomSinceMs: number | null = null;
  #raiseAfterMs = RAISE_AFTER_MS;
  #raisedAtMs = Number.NEGATIVE_INFINITY;
  #loweredAtMs = Number.NEGATIVE_INFINITY;

  /** The divisor of each side from now on, 1 to 4; `ceilingBps` is the encoder's own limit. */
  next(reading: UplinkReading, ceilingBps = Number.POSITIVE_INFINITY): number {
    const before = this.#before;
    this.#before = reading;
    if (before !== null) {
      if (isStarved(before, reading)) this.#lower(reading);
      else this.#raiseInTime(reading, ceilingBps);
    }
    return this.value;
  }

  get value(): number {
    return STEPS[this.#step] ?? 1;
  }

  #lower(reading: UplinkReading): void {
    const fitting = STEPS.findIndex((step) => neededBps(reading, step) <= reading.availableBps);
    const last = STEPS.length - 1;
    const wanted = fitting === -1 ? last : fitting;
    // Starved for long although it should fit: the picture is harder than most.
    const settled = reading.atMs - this.#loweredAtMs >= SETTLE_MS;
    const step = Math.min(last, Math.max(wanted, settled ? this.#step + 1 : this.#step));
    this.#roomSinceMs = null;
    if (step === this.#step) return;
    this.#step = step;
    this.#loweredAtMs = reading.atMs;
    if (reading.atMs - this.#raisedAtMs < RAISE_TRIAL_MS) {
      this.#raiseAfterMs = Math.min(MOST_RAISE_AFTER_MS, this.#raiseAfterMs * 2);
    }
  }

  #raiseInTime(reading: UplinkReading, ceilingBps: number): void {
    const larger = STEPS[this.#step - 1];
    const needed = larger === undefined ? Infinity : neededBps(reading, larger);
    if (larger === undefined || reading.availableBps < Math.min(needed, ceilingBps)) {
      this.#roomSinceMs = null;
      return;
    }
    this.#roomSinceMs ??= reading.atMs;
    if (reading.atMs - this.#roomSinceMs < this.#raiseAfterMs) return;
    this.#step -= 1;
    this.#roomSinceMs = null;
    this.#raisedAtMs = reading.atMs;
  }
}

function isStarved(before: UplinkReading, now: UplinkReading): boolean {
  const offered = now.framesOffered - before.framesOffered;
  const encoded = now.framesEncoded - before.framesEncoded;
  return (
    offered >= LEAST_OFFERED &&
    encoded < offered * STARVED_RATIO &&
    now.availableBps < neededBps(now, 1)
  );
}

function neededBps({ width, height, framesPerSecond }: UplinkReading, step: number): number {
  return ((width * height) / step ** 2) * framesPerSecond * videoBitsPerPixel.motion;
}
