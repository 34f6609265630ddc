import type { Logger } from '../observability/logger.ts';
import type { IceSourceName } from '../protocol/ice-sources.ts';
import type { IceSourceStatus } from './ice-source.ts';
import { describeFailure } from './provider-failure.ts';

/** First pause after a failure and the longest; the pause doubles between. */
const PAUSE_MS = { first: 1_000, longest: 60_000 };

export interface SourceHealthOptions {
  readonly name: IceSourceName;
  readonly log: Logger;
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** From 0 up to but not including 1. */
  readonly random: () => number;
}

/** How a source fares, and when it may be asked again. */
export class SourceHealth {
  readonly #options: SourceHealthOptions;
  #refreshedAt: number | null = null;
  #failures = 0;
  #failuresInAll = 0;
  #lastError: string | null = null;
  #lastErrorAt: number | null = null;
  #quietUntil = -Infinity;

  constructor(options: SourceHealthOptions) {
    this.#options = options;
  }

  /** Whether the pause after a failure is over. */
  get mayAsk(): boolean {
    return this.#options.now() >= this.#quietUntil;
  }

  succeeded(): void {
    const { name, log, now } = this.#options;
    if (this.#failures > 0) log.info({ source: name }, 'ICE servers are there again');
    this.#failures = 0;
    this.#quietUntil = -Infinity;
    this.#refreshedAt = now();
  }

  /** Notes a failure; the milliseconds until it may be asked again, half of them by chance. */
  failed(error: unknown): number {
    const { name, log, now, random } = this.#options;
    const detail = describeFailure(error);
    const pause = Math.min(PAUSE_MS.first * 2 ** this.#failures, PAUSE_MS.longest);
    const retryMs = Math.round(pause * (0.5 + random() / 2));
    this.#failures += 1;
    this.#failuresInAll += 1;
    this.#lastError = detail;
    this.#lastErrorAt = now();
    this.#quietUntil = now() + retryMs;
    const told = { source: name, detail, failures: this.#failures };
    log.warn(told, 'an ICE source failed; what it gave last stays while it is good');
    return retryMs;
  }

  status(): Omit<IceSourceStatus, 'urls' | 'holders' | 'expiresAt'> {
    return {
      refreshedAt: this.#refreshedAt,
      failures: this.#failures,
      failuresInAll: this.#failuresInAll,
      lastError: this.#lastError,
      lastErrorAt: this.#lastErrorAt,
    };
  }
}
