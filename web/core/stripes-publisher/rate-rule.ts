import type { MediaReport } from '../../../gateway/protocol/media/media-messages.ts';
import { videoBitsPerPixel } from '../bitrate-choice.ts';

/** What the person allows, and what the picture is. */
export interface RateLimits {
  readonly maxBitrateBps: number;
  readonly maxFramerate: number;
  readonly hint: 'detail' | 'motion';
}

/** How the next second is encoded. */
export interface RateChoice {
  readonly bitrateBps: number;
  readonly framesPerSecond: number;
  /** Divisor of the picture's sides, 1 to 4. */
  readonly scale: number;
}

/** What the last second was like. */
export interface RateReading {
  /** What viewers make of it; null when the gateway has told nothing. */
  readonly report: MediaReport | null;
  /** Share of the pictures that this machine's uplink had no room for, 0 to 1. */
  readonly heldBack: number;
  /** Pixels of the captured picture. */
  readonly width: number;
  readonly height: number;
}

const LEAST_BPS = 150_000;
/** Nobody knows what the way bears before something went over it. */
const FIRST_BPS = 3_000_000;
const CONGESTED_SHARE = 0.1;
const CLEAR_SHARE = 0.02;
const CONGESTED_MS = 600;
const CUT = 0.7;
const GROWTH = 1.1;
/** Seconds until a cut shows in what viewers report. */
const SETTLING = 2;
/** Below this part of the usual bits per pixel a smaller or rarer picture looks better. */
const LEAST_QUALITY = 0.25;
const HYSTERESIS = 1.3;
const FRAME_RATES = [60, 30, 15, 10, 5];
const SCALES = [1, 1.5, 2, 3, 4];

/**
 * Bitrate, frame rate and size of a picture by what its viewers report, once a second: cut to 70 %
 * when this uplink holds back a tenth of the pictures, half of the viewers miss a tenth of them, or
 * half of them paint later than after 600 ms; 10 % more when next to nothing is missed. Where that is
 * less than a quarter of the usual bits per pixel, `detail` gives up frames first, `motion` size.
 */
export class RateRule {
  #limits: RateLimits;
  #choice: RateChoice;
  #settling = 0;
  #step = 0;

  constructor(limits: RateLimits) {
    this.#limits = limits;
    this.#choice = {
      bitrateBps: Math.min(FIRST_BPS, limits.maxBitrateBps),
      framesPerSecond: limits.maxFramerate,
      scale: 1,
    };
  }

  get choice(): RateChoice {
    return this.#choice;
  }

  /** Whether it encodes with less than the person allows. */
  get isHeldBack(): boolean {
    return this.#choice.bitrateBps < this.#limits.maxBitrateBps * 0.95;
  }

  /** Another choice of the person; holds at once. */
  setLimits(limits: RateLimits, { width, height }: { width: number; height: number }): void {
    const bitrateBps = Math.min(
      limits.maxBitrateBps,
      Math.max(this.#choice.bitrateBps, Math.min(FIRST_BPS, limits.maxBitrateBps)),
    );
    this.#limits = limits;
    this.#step = 0;
    this.#shape(bitrateBps, width * height);
  }

  /** What holds after a second like this. */
  next(reading: RateReading): RateChoice {
    const { bitrateBps } = this.#choice;
    this.#settling = Math.max(0, this.#settling - 1);
    const verdict = judge(reading);
    if (verdict === 'congested' && this.#settling === 0) {
      this.#settling = SETTLING;
      this.#shape(Math.max(LEAST_BPS, bitrateBps * CUT), reading.width * reading.height);
    } else if (verdict === 'clear' && this.#settling === 0) {
      this.#shape(
        Math.min(this.#limits.maxBitrateBps, bitrateBps * GROWTH),
        reading.width * reading.height,
      );
    }
    return this.#choice;
  }

  #shape(bitrateBps: number, pixels: number): void {
    const steps = stepsOf(this.#limits);
    const perPixel = videoBitsPerPixel[this.#limits.hint] * LEAST_QUALITY;
    const fits = steps.findIndex(
      ({ framesPerSecond, scale }, step) =>
        ((pixels * framesPerSecond) / scale ** 2) *
          perPixel *
          (step < this.#step ? HYSTERESIS : 1) <=
        bitrateBps,
    );
    this.#step = fits === -1 ? steps.length - 1 : fits;
    this.#choice = { bitrateBps: Math.round(bitrateBps), ...shapeAt(steps, this.#step) };
  }
}

type Shape = Omit<RateChoice, 'bitrateBps'>;

function judge({ report, heldBack }: RateReading): 'congested' | 'clear' | 'between' {
  const missed = Math.max(heldBack, report?.skippedMedian ?? 0);
  if (missed >= CONGESTED_SHARE || (report?.paintedMedianMs ?? 0) > CONGESTED_MS)
    return 'congested';
  return missed < CLEAR_SHARE ? 'clear' : 'between';
}

/** From the best on. */
function stepsOf({ maxFramerate, hint }: RateLimits): readonly Shape[] {
  const rates = [maxFramerate, ...FRAME_RATES.filter((rate) => rate < maxFramerate)];
  const last = rates.at(-1) ?? maxFramerate;
  if (hint === 'detail') {
    return [
      ...rates.map((framesPerSecond) => ({ framesPerSecond, scale: 1 })),
      ...SCALES.slice(1).map((scale) => ({ framesPerSecond: last, scale })),
    ];
  }
  const smallest = SCALES.at(-1) ?? 1;
  return [
    ...SCALES.map((scale) => ({ framesPerSecond: maxFramerate, scale })),
    ...rates.slice(1).map((framesPerSecond) => ({ framesPerSecond, scale: smallest })),
  ];
}

const shapeAt = (steps: readonly Shape[], place: number): Shape =>
  steps[place] ?? { framesPerSecond: 5, scale: 1 };
