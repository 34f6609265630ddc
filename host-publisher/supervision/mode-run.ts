import type { HostState } from '../../gateway/protocol/host.ts';
import { toHostError, type HostError } from '../host-error.ts';
import { OnDemand } from './on-demand.ts';
import { Turns } from './turns.ts';

export interface ModeRunParts {
  readonly graceMs: number;
  readonly onState: (state: HostState) => void;
  /** Publishes once until it fails or `signal` ends it; resolves never. */
  readonly publish: (signal: AbortSignal) => Promise<never>;
  /** Whether another attempt may heal it. */
  readonly mayHeal: (error: HostError) => boolean;
  /** It failed and is tried again in so many milliseconds. */
  readonly onFailed: (error: HostError, waitMs: number) => void;
}

/** One mode's life: it begins when it is wanted, comes again after failures, and ends when nobody wants it. */
export class ModeRun {
  readonly demand: OnDemand;
  readonly #parts: ModeRunParts;
  readonly #turns = new Turns();

  constructor(parts: ModeRunParts) {
    this.#parts = parts;
    this.demand = new OnDemand({
      graceMs: parts.graceMs,
      start: () => this.#turns.next((signal) => this.#publish(signal)),
      end: () => this.#turns.abort(),
      onState: parts.onState,
    });
  }

  /** Resolves when what it does now has ended. */
  get settled(): Promise<void> {
    return this.#turns.settled;
  }

  /** Resolves when nothing of it is left. */
  async stop(): Promise<void> {
    this.demand.stop();
    await this.#turns.stop();
  }

  async #publish(signal: AbortSignal): Promise<void> {
    const { publish, mayHeal, onFailed } = this.#parts;
    try {
      await publish(signal);
    } catch (error) {
      const failure = toHostError(error, 'media');
      if (signal.aborted || !mayHeal(failure)) return;
      onFailed(failure, this.demand.failed(failure.retryAfterMs));
    }
  }
}
