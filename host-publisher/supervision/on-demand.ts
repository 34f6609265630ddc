import type { HostState } from '../../gateway/protocol/host.ts';
import { HEALTHY_MS, backOffMs } from './back-off.ts';

export interface OnDemandOptions {
  /** How long it goes on without a viewer. */
  readonly graceMs: number;
  /** Begins a publication; what became of it is told by `live` or `failed`. */
  readonly start: () => void;
  /** Ends the publication that was started, at whatever stage it is. */
  readonly end: () => void;
  readonly onState: (state: HostState) => void;
  /** 0 to 1, for the back-off. */
  readonly random?: () => number;
}

/**
 * When to publish: while the gateway counts viewers, and for a grace after the last of them. What
 * is under way goes on while nobody can tell, and what is idle stays so. Failures are tried again
 * while it is wanted.
 */
export class OnDemand {
  readonly #options: OnDemandOptions;
  #state: HostState = 'idle';
  #viewers: number | 'unknown' = 'unknown';
  #always = false;
  #failures = 0;
  #liveAtMs: number | null = null;
  #grace: NodeJS.Timeout | undefined;
  #retry: NodeJS.Timeout | undefined;
  #stopped = false;

  constructor(options: OnDemandOptions) {
    this.#options = options;
  }

  get state(): HostState {
    return this.#state;
  }

  /** True once nothing but `stop` ends it. */
  get isAlways(): boolean {
    return this.#always;
  }

  /** How many watch or wait to watch, in the gateway's words. */
  demand(viewers: number): void {
    this.#viewers = viewers;
    this.#weigh();
  }

  /** The gateway tells nothing any more. */
  lose(): void {
    this.#viewers = 'unknown';
    this.#weigh();
  }

  /** From now on whether somebody watches or not. */
  publishAlways(): void {
    this.#always = true;
    this.#weigh();
  }

  live(): void {
    if (this.#state !== 'starting') return;
    this.#liveAtMs = performance.now();
    this.#enter('live');
  }

  /** The publication failed; it is tried again after a while, which is returned, in milliseconds. */
  failed(leastWaitMs: number): number {
    const lastedMs = this.#liveAtMs === null ? 0 : performance.now() - this.#liveAtMs;
    this.#liveAtMs = null;
    this.#failures = lastedMs > HEALTHY_MS ? 1 : this.#failures + 1;
    const waitMs = Math.max(backOffMs(this.#failures, this.#options.random), leastWaitMs);
    if (this.#stopped || this.#state === 'idle') return waitMs;
    this.#retry = setTimeout(() => this.#start(), waitMs);
    this.#enter('failed');
    return waitMs;
  }

  /** Ends what is under way; nothing starts any more. */
  stop(): void {
    if (this.#stopped) return;
    this.#stopped = true;
    clearTimeout(this.#grace);
    this.#rest();
  }

  #weigh(): void {
    if (this.#stopped) return;
    const isUnwanted = !this.#always && this.#viewers === 0;
    if (isUnwanted) {
      if (this.#state !== 'idle') {
        this.#grace ??= setTimeout(() => this.#rest(), this.#options.graceMs);
      }
      return;
    }
    clearTimeout(this.#grace);
    this.#grace = undefined;
    const isWanted = this.#always || this.#viewers !== 'unknown';
    if (isWanted && this.#state === 'idle') this.#start();
  }

  #start(): void {
    this.#enter('starting');
    this.#options.start();
  }

  #rest(): void {
    clearTimeout(this.#retry);
    this.#grace = undefined;
    this.#failures = 0;
    this.#liveAtMs = null;
    if (this.#state === 'idle') return;
    this.#enter('idle');
    this.#options.end();
  }

  #enter(state: HostState): void {
    this.#state = state;
    this.#options.onState(state);
  }
}
