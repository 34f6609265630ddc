import type { HostFigures } from '../../gateway/protocol/host.ts';
import type { Publisher, Traffic } from './publisher.ts';
import {
  POLICY_PERIOD_MS,
  nextTargetKbps,
  type PathObservation,
  type RateLimits,
} from './rate-policy.ts';

const FIGURES_MS = 1_000;

export interface RateControlParts {
  readonly publisher: Publisher;
  readonly limits: RateLimits;
  /** Sets the encoder's rate. */
  readonly setBitrate: (kbps: number) => void;
  readonly onFigures: (figures: HostFigures) => void;
}

/** Moves the encoder's rate by what a publisher sees of its path, and tells figures every second. */
export class RateControl {
  readonly #parts: RateControlParts;
  readonly #timers: readonly NodeJS.Timeout[];
  #targetKbps: number;
  #seen: PathObservation = { by: 'reports', loss: null, rembKbps: null };
  #told: Traffic;

  constructor(parts: RateControlParts) {
    this.#parts = parts;
    this.#targetKbps = parts.limits.mostKbps;
    this.#told = parts.publisher.traffic;
    this.#timers = [
      setInterval(() => this.#adapt(), POLICY_PERIOD_MS),
      setInterval(() => parts.onFigures(this.#figures()), FIGURES_MS),
    ];
  }

  close(): void {
    for (const timer of this.#timers) clearInterval(timer);
  }

  #adapt(): void {
    const { publisher, limits, setBitrate } = this.#parts;
    this.#seen = publisher.observe();
    const next = nextTargetKbps(this.#targetKbps, this.#seen, limits);
    if (next === this.#targetKbps) return;
    this.#targetKbps = next;
    publisher.targetChanged(next);
    setBitrate(next);
  }

  #figures(): HostFigures {
    const { traffic } = this.#parts.publisher;
    const { packets, resent, keyframeRequests, keyframes, rttMs } = traffic;
    const seen = this.#seen;
    const figures: HostFigures = {
      targetKbps: this.#targetKbps,
      sentKbps: Math.round(((traffic.octets - this.#told.octets) * 8) / FIGURES_MS),
      arrivedKbps: seen.by === 'transport' ? rounded(seen.arrivedKbps) : null,
      queueMs: seen.by === 'transport' ? rounded(seen.queueMs) : null,
      loss: seen.loss,
      rttMs: rounded(rttMs),
      packets,
      framesPerSecond: traffic.frames - this.#told.frames,
      resent,
      keyframeRequests,
      keyframes,
    };
    this.#told = traffic;
    return figures;
  }
}

function rounded(value: number | null): number | null {
  return value === null ? null : Math.round(value * 10) / 10;
}
