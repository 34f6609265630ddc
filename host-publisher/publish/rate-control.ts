import type { HostFigures } from '../../gateway/protocol/host.ts';
import type { Adaptation } from '../adaptation/adaptation.ts';
import type { PathObservation } from './path-estimate.ts';
import type { Publisher, Traffic } from './publisher.ts';

const LOOK_MS = 250;
const FIGURES_MS = 1_000;

export interface RateControlParts {
  readonly publisher: Pick<Publisher, 'observe' | 'traffic'>;
  readonly adaptation: Adaptation;
  readonly onFigures: (figures: HostFigures) => void;
}

/** Has a picture adapted to what a publisher sees of its path, and tells figures every second. */
export class RateControl {
  readonly #parts: RateControlParts;
  readonly #timers: readonly NodeJS.Timeout[];
  #seen: PathObservation = { by: 'reports', loss: null, rembKbps: null };
  #told: Traffic;

  constructor(parts: RateControlParts) {
    this.#parts = parts;
    this.#told = parts.publisher.traffic;
    this.#timers = [
      setInterval(() => this.#look(), LOOK_MS),
      setInterval(() => parts.onFigures(this.#figures()), FIGURES_MS),
    ];
  }

  close(): void {
    for (const timer of this.#timers) clearInterval(timer);
  }

  #look(): void {
    this.#seen = this.#parts.publisher.observe();
    this.#parts.adaptation.look(this.#seen);
  }

  #figures(): HostFigures {
    const { traffic } = this.#parts.publisher;
    const { packets, resent, keyframeRequests, keyframes, rttMs } = traffic;
    const seen = this.#seen;
    const figures: HostFigures = {
      targetKbps: this.#parts.adaptation.picture.bitrateKbps,
      sentKbps: Math.round(((traffic.octets - this.#told.octets) * 8) / FIGURES_MS),
      arrivedKbps: seen.by === 'transport' ? rounded(seen.arrivedKbps) : null,
      queueMs: seen.by === 'transport' ? rounded(seen.queueMs) : null,
      loss: seen.loss,
      rttMs: rounded(rttMs),
      packets,
      framesPerSecond: traffic.frames - this.#told.frames,
      encodeMs: rounded(meanEncodeMs(this.#told, traffic)),
      resent,
      keyframeRequests,
      keyframes,
    };
    this.#told = traffic;
    return figures;
  }
}

/** Of the pictures between two looks; null without any, and where it is not known. */
function meanEncodeMs(before: Traffic, now: Traffic): number | null {
  const frames = now.frames - before.frames;
  if (frames <= 0 || before.encodeSumMs === null || now.encodeSumMs === null) return null;
  return Math.max(0, now.encodeSumMs - before.encodeSumMs) / frames;
}

function rounded(value: number | null): number | null {
  return value === null ? null : Math.round(value * 10) / 10;
}
