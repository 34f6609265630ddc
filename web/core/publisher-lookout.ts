import type { SourceView } from '../../gateway/protocol/api.ts';

const INTERVAL_MS = 700;
const DURATION_MS = 20_000;

/**
 * Looks for a publisher that left a moment ago and is likely to be back in seconds, as after the
 * crash of a media server. It ends by itself: who waits for longer waits by Retry-After.
 */
export class PublisherLookout {
  readonly #readSource: () => Promise<SourceView | 'absent' | null>;
  readonly #onLive: () => void;
  readonly #endsAtMs = Date.now() + DURATION_MS;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(readSource: () => Promise<SourceView | 'absent' | null>, onLive: () => void) {
    this.#readSource = readSource;
    this.#onLive = onLive;
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
    if (source !== null && source !== 'absent' && source.live) this.#onLive();
  }
}
