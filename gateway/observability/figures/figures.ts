import {
  FIGURE_NAMES,
  type FigureName,
  type FigureSpan,
  type FiguresView,
} from '../../protocol/api/figures.ts';
import { FigureRing } from './figure-ring.ts';

const STEP_MS = 5_000;
const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;
const SPAN_MS: Readonly<Record<FigureSpan, number>> = {
  '15m': 900_000,
  '1h': HOUR_MS,
  '24h': 24 * HOUR_MS,
};
/** The worst of a minute says more of these than the mean. */
const WORST: ReadonlySet<FigureName> = new Set<FigureName>([
  'firstFrameP95Ms',
  'glassToGlassP95Ms',
  'eventLoopDelayMs',
  'nodeCpu',
  'webhookBacklog',
]);

export type Sample = Readonly<Partial<Record<FigureName, number | null>>>;

/** Figures over time: each 5 s of the last hour, each minute of the last day, in memory. */
export class Figures {
  readonly #sample: () => Promise<Sample>;
  readonly #now: () => number;
  readonly #onError: (error: unknown) => void;
  readonly #hour = new FigureRing(FIGURE_NAMES, { stepMs: STEP_MS, length: HOUR_MS / STEP_MS });
  readonly #day = new FigureRing(FIGURE_NAMES, {
    stepMs: MINUTE_MS,
    length: (24 * HOUR_MS) / MINUTE_MS,
  });
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> | undefined;

  constructor(deps: {
    /** Reads all figures now. */
    readonly sample: () => Promise<Sample>;
    readonly now: () => number;
    readonly onError: (error: unknown) => void;
  }) {
    this.#sample = deps.sample;
    this.#now = deps.now;
    this.#onError = deps.onError;
  }

  start(): void {
    this.#timer = setInterval(() => void this.take(), STEP_MS);
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    await this.#running;
  }

  /** Takes a sample now; joins one that is under way. Never rejects. */
  take(): Promise<void> {
    this.#running ??= this.#take().finally(() => {
      this.#running = undefined;
    });
    return this.#running;
  }

  read(span: FigureSpan): FiguresView {
    const ring = span === '24h' ? this.#day : this.#hour;
    const { from, series } = ring.read(this.#now(), SPAN_MS[span]);
    return { step: ring.stepMs, from, series };
  }

  async #take(): Promise<void> {
    try {
      const sample = await this.#sample();
      const at = this.#now();
      this.#hour.note(at, sample);
      this.#day.note(at, this.#lastMinute(at));
    } catch (error) {
      this.#onError(error);
    }
  }

  /** The minute of `at` so far. */
  #lastMinute(at: number): Sample {
    const sinceMs = (at % MINUTE_MS) + 1;
    const spanMs = Math.ceil(sinceMs / STEP_MS) * STEP_MS;
    const { series } = this.#hour.read(at, spanMs);
    return Object.fromEntries(FIGURE_NAMES.map((name) => [name, together(name, series[name])]));
  }
}

function together(name: FigureName, values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  if (known.length === 0) return null;
  if (WORST.has(name)) return Math.max(...known);
  return known.reduce((sum, value) => sum + value, 0) / known.length;
}
