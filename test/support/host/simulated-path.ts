import type { PathObservation } from '../../../host-publisher/publish/path-estimate.ts';

const TICK_MS = 10;
const WINDOW_MS = 500;
const FEEDBACK_TICKS = 10;

interface Tick {
  readonly offered: number;
  readonly dropped: number;
  readonly arrived: number;
  readonly queueMs: number;
}

/** A bottleneck as a fluid: its queue, its tail drop, and what feedback 100 ms later tells of it. */
export class SimulatedPath {
  readonly #queueBits: number;
  readonly #ticks: Tick[] = [];
  #waiting = 0;

  constructor(queueBytes = 64_000) {
    this.#queueBits = queueBytes * 8;
  }

  /** Sends at a rate for so long through so narrow a path. */
  send(kbps: number, capacityKbps: number, forMs: number): void {
    for (let ms = 0; ms < forMs; ms += TICK_MS) {
      const offered = kbps * TICK_MS;
      const room = this.#queueBits - this.#waiting + capacityKbps * TICK_MS;
      const dropped = Math.max(0, offered - room);
      const arrived = Math.min(capacityKbps * TICK_MS, this.#waiting + offered - dropped);
      this.#waiting += offered - dropped - arrived;
      const queueMs = this.#waiting / capacityKbps;
      this.#ticks.push({ offered, dropped, arrived, queueMs });
    }
  }

  /** What transport-wide feedback tells of the last period. */
  observe(periodMs: number): PathObservation {
    const seen = this.#ticks.slice(0, -FEEDBACK_TICKS);
    const period = seen.slice(-periodMs / TICK_MS);
    if (period.length === 0) {
      return { by: 'transport', loss: null, queueMs: null, arrivedKbps: null, rembKbps: null };
    }
    const window = seen.slice(-WINDOW_MS / TICK_MS);
    return {
      by: 'transport',
      loss: lossOf(period),
      queueMs: Math.min(...period.map(({ queueMs }) => queueMs)),
      arrivedKbps: sum(window, ({ arrived }) => arrived) / (window.length * TICK_MS),
      rembKbps: null,
    };
  }

  /** What a receiver report tells of the last so many milliseconds. */
  report(periodMs: number): PathObservation {
    const loss = lossOf(this.#ticks.slice(-periodMs / TICK_MS));
    return { by: 'reports', loss, rembKbps: null };
  }
}

const sum = (ticks: readonly Tick[], of: (tick: Tick) => number): number =>
  ticks.reduce((total, tick) => total + of(tick), 0);

function lossOf(ticks: readonly Tick[]): number {
  const offered = sum(ticks, (tick) => tick.offered);
  return offered === 0 ? 0 : sum(ticks, ({ dropped }) => dropped) / offered;
}
