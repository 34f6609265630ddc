import { UNPAINTED_WINDOW } from '../protocol/media/media-protocol.ts';
import type { FramePace } from './frame-pace.ts';
import { Unpainted, type Receipt } from './unpainted.ts';

/** Pictures on their way before the first receipt tells how long the way is. */
const FIRST_ON_THE_WAY = 6;
const MOST_ON_THE_WAY = 12;
/** No path is longer; what takes longer is a picture that is large for it. */
const LONGEST_PATH_MS = 600;
/** What was measured is good for so long. */
const LEAST_AGE_MS = 10_000;

/**
 * How many pictures a viewer may be sent before it has painted one: `UNPAINTED_WINDOW`, and those
 * that its path holds: the least time that a receipt took by the rate of pictures. Whoever does not
 * keep up has the rate at which it paints, so that what it is sent does not pile up on its way.
 */
export class PaintWindow {
  readonly unpainted = new Unpainted();
  readonly #pace: FramePace;
  #onTheWay = FIRST_ON_THE_WAY;
  #leastAgeMs: number | null = null;
  #measuredAt = 0;
  /** Pictures a second that it paints while it is behind; null when it keeps up. */
  #rate: number | null = null;

  constructor(pace: FramePace) {
    this.#pace = pace;
  }

  get size(): number {
    return UNPAINTED_WINDOW + this.#onTheWay;
  }

  /** Whether a picture may be begun. `isBehind`: it was not sent all that there was. */
  isOpen(isBehind: boolean, now: number): boolean {
    const { count } = this.unpainted;
    // An old measure may be one of a queue: with nothing on the way it is taken anew.
    const isStale = this.#leastAgeMs !== null && now - this.#measuredAt > LEAST_AGE_MS;
    return isBehind && isStale ? count === 0 : count < this.size;
  }

  /** A receipt: how long it took, or what else it is. */
  receipt(frame: number, now: number): Receipt | 'again' | 'never' {
    const receipt = this.unpainted.receipt(frame, now);
    if (typeof receipt === 'object') this.#measure(receipt, now);
    return receipt;
  }

  /** Once a second: how many pictures it painted, and how many it was not sent. */
  second({ painted, skipped }: { readonly painted: number; readonly skipped: number }): void {
    this.#rate = skipped === 0 ? null : painted;
    this.#resize();
  }

  #measure({ ageMs, wasAlone }: Receipt, now: number): void {
    const isDue = wasAlone && now - this.#measuredAt > LEAST_AGE_MS;
    if (this.#leastAgeMs !== null && ageMs > this.#leastAgeMs && !isDue) return;
    this.#leastAgeMs = ageMs;
    this.#measuredAt = now;
    this.#resize();
  }

  #resize(): void {
    if (this.#leastAgeMs === null) return;
    const rate = this.#rate ?? this.#pace.perSecond;
    const path = Math.min(LONGEST_PATH_MS, this.#leastAgeMs);
    this.#onTheWay = Math.min(MOST_ON_THE_WAY, Math.ceil((path * rate) / 1000));
  }
}
