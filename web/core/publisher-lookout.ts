import type { SourceReading } from './room-api.ts';

const INTERVAL_MS = 700;
const DURATION_MS = 20_000;

/**
 * Looks for a publisher, or for a host that starts one, that left a moment ago and is likely to be back in seconds, as after the
 * crash of a media server. It ends by itself: who waits for longer waits by Retry-After.
 */
export class PublisherLookout {
  readonly #readSource: () => Promise<SourceReading>;
  readonly #onThere: () => void;
  readonly #endsAtMs = Date.now() + DURATION_MS;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(readSource: () => Promise<SourceReading>, onThere: () => void) {
    this.#readSource = readSource;
    this.#onThere = onThere;
    this.#schedule();
  }

  /** Idempotent. */
  close(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #schedule(): void {
    this.#timer = setTimeout(() => void this.#look(), INTERVAL_MS);
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
