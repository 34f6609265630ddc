import { monitorEventLoopDelay } from 'node:perf_hooks';

type IntervalHistogram = ReturnType<typeof monitorEventLoopDelay>;

const RESOLUTION_MS = 5;

/** How late timers fire: what a busy event loop adds to everything, over the last one to two windows. */
export class EventLoopDelay {
  /** Both count; the first is the older, and so the one that is told. */
  #histograms: readonly [IntervalHistogram, IntervalHistogram] = [started(), started()];

  get p50Ms(): number {
    return this.#percentileMs(50);
  }

  get p99Ms(): number {
    return this.#percentileMs(99);
  }

  /** Forgets what is older than the last window; call it once a window. */
  rotate(): void {
    const [oldest, newer] = this.#histograms;
    oldest.reset();
    this.#histograms = [newer, oldest];
  }

  close(): void {
    for (const histogram of this.#histograms) histogram.disable();
  }

  /** Node counts from one look to the next, so its own interval is in each figure. */
  #percentileMs(percentile: number): number {
    const [oldest] = this.#histograms;
    if (oldest.count === 0) return 0;
    const delayMs = oldest.percentile(percentile) / 1e6 - RESOLUTION_MS;
    return Math.max(0, Math.round(delayMs * 100) / 100);
  }
}

function started(): IntervalHistogram {
  const histogram = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  histogram.enable();
  return histogram;
}
