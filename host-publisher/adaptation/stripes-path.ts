import type { AudienceReport } from '../../gateway/protocol/host.ts';
import type { MediaReport } from '../../gateway/protocol/media/media-messages.ts';
import type { PathObservation } from '../publish/path-estimate.ts';

/** Of the pictures that a viewer was not sent: more than now and then. */
const SKIPPED_SHARE = 0.1;

/** What the WebSocket mode tells of its path, in the words that the policy knows. */
export class StripesPath {
  #report: AudienceReport | null = null;

  /** What the gateway counted. */
  report({ viewers, skippedMedian, skippedUpper }: MediaReport): void {
    this.#report = {
      ...{ viewers, reporting: viewers },
      lossMedian: skippedMedian,
      lossUpper: skippedUpper,
      jitterMedianMs: 0,
      decodeMedianMs: 0,
      freezing: 0,
      losing: skippedMedian > SKIPPED_SHARE ? 1 : 0,
      overloaded: 0,
    };
  }

  /** What the viewers bear, once; null: nothing new. */
  takeReport(): AudienceReport | null {
    const report = this.#report;
    this.#report = null;
    return report;
  }

  /** The way to the gateway: TCP loses nothing, it queues. */
  observe(seen: { readonly kbps: number; readonly queueMs: number | null }): PathObservation {
    const { kbps, queueMs } = seen;
    return { by: 'transport', loss: 0, queueMs, arrivedKbps: kbps, rembKbps: null };
  }
}
