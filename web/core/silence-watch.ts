import { MEDIA_SILENT_MS } from '../../gateway/protocol/media/media-protocol.ts';

const CHECK_MS = 2_000;

/**
 * Calls back when a media socket was silent for 12 to 14 s. It counts its own checks: a thread that
 * stood still makes one of them, and hears what came meanwhile before the next.
 */
export class SilenceWatch {
  readonly #onSilent: () => void;
  #timer: ReturnType<typeof setInterval> | undefined;
  #silentChecks = 0;

  constructor(onSilent: () => void) {
    this.#onSilent = onSilent;
  }

  start(): void {
    this.stop();
    this.#silentChecks = 0;
    this.#timer = setInterval(() => this.#check(), CHECK_MS);
  }

  /** Something came. */
  hear(): void {
    this.#silentChecks = 0;
  }

  /** Idempotent. */
  stop(): void {
    clearInterval(this.#timer);
  }

  #check(): void {
    this.#silentChecks += 1;
    if (this.#silentChecks * CHECK_MS <= MEDIA_SILENT_MS) return;
    this.stop();
    this.#onSilent();
  }
}
