import type { SourceReading } from './room-api.ts';

/** Drawn anew each time, so that a crowd that was sent away at once comes back bit by bit. */
const INTERVAL_MS = { least: 400, spread: 600 };
const DURATION_MS = 20_000;

/**
 * Looks for a publisher, or for a host that starts one, that left a moment ago and is likely to be back in seconds, as after the
 * crash of a media server. It ends by itself: who waits for longer waits by Retry-After.
 */
export class PublisherLookout {
  readonly #readSource: () => Promise<SourceReading>;
  readonly #onThere: () => void;
  readonly #random: () => number;
  readonly #endsAtMs = Date.now() + DURATION_MS;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(readSource: () => Promise<SourceReading>, onThere: () => void, random: () => number) {
    this.#readSource = readSource;
    this.#random = random;
    this.#onThere = onThere;
    this.#schedule();
  }

  /** Idempotent. */
  close(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #schedule(): void {
    const delayMs = INTERVAL_MS.least + INTERVAL_MS.spread * this.#random();
    this.#timer = setTimeout(() => void this.#look(), delayMs);
  }

  async #look(): Promise<void> {
    const timer = this.#timer;
    const source = await this.#readSource();
    if (this.#timer !== timer || Date.now() >= this.#endsAtMs) return;
    this.#schedule();
    if (canJoin(source)) this.#onThere();
  }
}

function canJoin(source: SourceReading): boolean {
  if (source === null || source === 'absent') return false;
  return source === 'startable' || source.live;
}
