import { PathSigns } from './path-signs.ts';

/** One layer as the choice sees it. */
export interface LayerFlow {
  readonly bitsPerSecond: number;
  /** False for a layer that its publisher has stopped. */
  readonly flowing: boolean;
}

/** What a viewer is taken to bear before it has said anything. */
const START_BPS = 1_000_000;
/** After a change nothing is concluded for so long: queues drain, the key frame passes. */
const SETTLE_MS = 1_500;
/** A step up is tried after so long where the estimate allows it, and where it does not. */
const STEP_UP_MS = 2_500;
const STEP_UP_AGAINST_ESTIMATE_MS = 8_000;
/** A step up that is taken back within this time has failed. */
const TRIAL_MS = 8_000;
const LEAST_BACK_OFF_MS = 5_000;
const MOST_BACK_OFF_MS = 60_000;
/** The share of the estimate that video may take when stepping down. */
const SHARE = 0.9;

/**
 * Which layer one viewer gets when nobody chose: the highest that its path bears. Upwards goes one
 * step at a time, as a trial: nothing but the layer itself can tell whether the path bears it. Each
 * failed trial doubles the time to the next.
 */
export class LayerPolicy {
  readonly signs = new PathSigns();
  #changedMs = Number.NEGATIVE_INFINITY;
  #raisedMs = Number.NEGATIVE_INFINITY;
  #backOffMs = LEAST_BACK_OFF_MS;
  #upFromMs = Number.NEGATIVE_INFINITY;

  /**
   * The index into `layers` (lowest first) that is to be sent; null while nothing flows. Call it a
   * few times a second with what is aimed at now.
   */
  choose(layers: readonly LayerFlow[], current: number | null, nowMs: number): number | null {
    const chosen = this.#choose(layers, current, nowMs);
    if (chosen !== current) this.changed(nowMs);
    return chosen;
  }

  /** Another layer is sent from now on: what was heard was about the former. */
  changed(nowMs: number): void {
    this.#changedMs = nowMs;
    this.signs.forget();
  }

  #choose(layers: readonly LayerFlow[], current: number | null, nowMs: number): number | null {
    const flowing = layers.flatMap((layer, index) => (layer.flowing ? [index] : []));
    if (flowing.length === 0) return current;
    const rate = (index: number): number => layers[index]?.bitsPerSecond ?? 0;
    const highest = (indices: readonly number[], bps: number): number | undefined =>
      indices.findLast((index) => rate(index) <= bps) ?? indices[0];
    if (current === null) return highest(flowing, START_BPS) ?? null;
    const below = flowing.filter((index) => index < current);
    const [above] = flowing.filter((index) => index > current);
    if (layers[current]?.flowing !== true) return below.at(-1) ?? above ?? null;

    if (nowMs - this.#raisedMs > TRIAL_MS) this.#endTrial();
    if (nowMs - this.#changedMs < SETTLE_MS) return current;
    if (this.signs.isFull(rate(current), nowMs)) {
      const bps = this.signs.estimate(nowMs) ?? Number.POSITIVE_INFINITY;
      const bearable = highest(below, bps * SHARE);
      if (bearable === undefined) return current;
      this.#noteStepDown(nowMs);
      return bearable;
    }
    if (above === undefined || !this.#mayRise(rate(current), nowMs)) return current;
    this.#raisedMs = nowMs;
    return above;
  }

  #mayRise(bps: number, nowMs: number): boolean {
    if (nowMs < this.#upFromMs || !this.signs.isClean(nowMs)) return false;
    const allowed = (this.signs.estimate(nowMs) ?? bps) >= bps;
    const pauseMs = allowed ? STEP_UP_MS : STEP_UP_AGAINST_ESTIMATE_MS;
    return nowMs - this.#changedMs >= pauseMs;
  }

  #noteStepDown(nowMs: number): void {
    const failed = nowMs - this.#raisedMs <= TRIAL_MS;
    if (failed) this.#backOffMs = Math.min(this.#backOffMs * 2, MOST_BACK_OFF_MS);
    this.#upFromMs = nowMs + this.#backOffMs;
    this.#raisedMs = Number.NEGATIVE_INFINITY;
  }

  /** The last step up has lasted: the path is as good as it was thought to be. */
  #endTrial(): void {
    if (this.#raisedMs === Number.NEGATIVE_INFINITY) return;
    this.#raisedMs = Number.NEGATIVE_INFINITY;
    this.#backOffMs = LEAST_BACK_OFF_MS;
  }
}
