import { PictureScale } from './picture-scale.ts';
import type { UplinkReading } from './picture-scale.ts';
import { StatsIndex } from './stats-entry.ts';
import type { StatsReport } from './stats-entry.ts';

/** What the fit asks, and whom it tells. */
export interface UplinkFitParts {
  /** The sender's report; undefined while there is no connection. */
  readonly readStats: () => Promise<StatsReport | undefined>;
  /** The encoder's own limit; undefined when it has none. */
  readonly ceilingBps: () => number | undefined;
  /** Called with each new divisor of the picture's sides, 1 to 4. */
  readonly apply: (scaleResolutionDownBy: number) => Promise<void>;
}

const POLL_MS = 500;

/**
 * Keeps the frame rate of one video sender on a narrow uplink by a smaller picture, and gives the
 * size back when there is room. Does nothing where the browser does not report its estimate.
 */
export class UplinkFit {
  readonly #parts: UplinkFitParts;
  readonly #scale = new PictureScale();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #state: 'open' | 'closed' = 'open';

  constructor(parts: UplinkFitParts) {
    this.#parts = parts;
    this.#schedule();
  }

  /** Leaves the picture as it is. Idempotent. */
  close(): void {
    this.#state = 'closed';
    clearTimeout(this.#timer);
  }

  #schedule(): void {
    this.#timer = setTimeout(() => void this.#poll(), POLL_MS);
  }

  async #poll(): Promise<void> {
    const report = await this.#parts.readStats().catch(() => undefined);
    const reading = report === undefined ? null : readUplink(report, Date.now());
    if (this.#isClosed()) return;
    if (reading !== null) await this.#fit(reading);
    if (!this.#isClosed()) this.#schedule();
  }

  async #fit(reading: UplinkReading): Promise<void> {
    const before = this.#scale.value;
    const scale = this.#scale.next(reading, this.#parts.ceilingBps());
    if (scale !== before) await this.#parts.apply(scale);
  }

  #isClosed(): boolean {
    return this.#state === 'closed';
  }
}

/** Null unless the report has all of it. */
function readUplink(report: StatsReport, atMs: number): UplinkReading | null {
  const index = new StatsIndex(report);
  const [sent] = index.all('outbound-rtp', 'video');
  const source = index.follow(sent, 'mediaSourceId');
  const available = index.usedPair()?.number('availableOutgoingBitrate');
  const figures = {
    framesOffered: source?.number('frames'),
    framesEncoded: sent?.number('framesEncoded'),
    availableBps: available,
    width: source?.number('width'),
    height: source?.number('height'),
    framesPerSecond: source?.number('framesPerSecond'),
  };
  return isComplete(figures) ? { atMs, ...figures } : null;
}

const isComplete = (
  figures: Record<keyof Omit<UplinkReading, 'atMs'>, number | null | undefined>,
): figures is Omit<UplinkReading, 'atMs'> =>
  Object.values(figures).every((figure) => typeof figure === 'number');
