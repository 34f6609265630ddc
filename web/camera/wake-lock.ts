import type { BrowserPort } from '../core/browser-port.ts';

/** What a browser lends to keep the screen on. */
export interface ScreenLock {
  release(): Promise<void>;
}

/** What keeping awake needs. */
export interface WakeLockParts {
  readonly port: Pick<BrowserPort, 'isPageVisible' | 'onVisibilityChange'>;
  /** Rejects where the browser does not lend one now, for example to save the battery. */
  readonly lend: () => Promise<ScreenLock>;
}

/** Keeps the screen on while it is wanted; browsers take it back with each page that is hidden. */
export class WakeLock {
  readonly #parts: WakeLockParts;
  #off: (() => void) | null = null;
  #lock: ScreenLock | null = null;

  constructor(parts: WakeLockParts) {
    this.#parts = parts;
  }

  /** Idempotent. */
  want(isWanted: boolean): void {
    if (isWanted === (this.#off !== null)) return;
    if (!isWanted) {
      this.#off?.();
      this.#off = null;
      this.#giveBack();
      return;
    }
    this.#off = this.#parts.port.onVisibilityChange(() => void this.#take());
    void this.#take();
  }

  async #take(): Promise<void> {
    if (!this.#parts.port.isPageVisible()) return;
    const lock = await this.#parts.lend().catch(() => null);
    this.#giveBack();
    this.#lock = lock;
    if (this.#off === null) this.#giveBack();
  }

  #giveBack(): void {
    void this.#lock?.release().catch(() => undefined);
    this.#lock = null;
  }
}

/** The browser's own; rejects where it has none. */
export const lendScreen = async (): Promise<ScreenLock> =>
  await navigator.wakeLock.request('screen');
