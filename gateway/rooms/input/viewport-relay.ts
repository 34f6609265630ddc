import { LIMITS } from '../../limits/limits.ts';
import type { Viewport } from '../../protocol/screen.ts';
import { Throttle } from '../throttle.ts';

const NO_WISH: Viewport = { type: 'viewport', size: null };

/** Tells a host how large the one with the pointer sees it: the newest, not too often. */
export class ViewportRelay {
  readonly #send: (viewport: Viewport) => void;
  #newest = NO_WISH;
  #told = NO_WISH;
  readonly #news = new Throttle(
    () => LIMITS.viewportIntervalMs,
    () => this.#tell(),
  );

  constructor(send: (viewport: Viewport) => void) {
    this.#send = send;
  }

  set(viewport: Viewport): void {
    this.#newest = viewport;
    this.#news.wish();
  }

  /** Whose wish it was has the pointer no more. */
  end(): void {
    this.#newest = NO_WISH;
    this.#news.clear();
    this.#tell();
  }

  /** A host that knows of no wish. */
  renew(): void {
    this.#told = NO_WISH;
    this.#tell();
  }

  #tell(): void {
    if (this.#newest.size === null && this.#told.size === null) return;
    this.#told = this.#newest;
    this.#send(this.#newest);
  }
}
