import { PathSilence } from '../path-silence.ts';
import { readWatchStats } from '../watch-stats.ts';

const POLL_MS = 250;

/** Watches what comes by a peer connection. */
export class LinkWatch {
  readonly #pc: RTCPeerConnection;
  readonly #onNews: () => void;
  readonly #silence = new PathSilence();
  readonly #timer: ReturnType<typeof setInterval>;
  #progress = 0;
  #progressAtMs = Date.now();
  #isStuck = false;
  #state: 'open' | 'closed' = 'open';

  /** `onNews` is called four times a second, after each look. */
  constructor(pc: RTCPeerConnection, onNews: () => void) {
    this.#pc = pc;
    this.#onNews = onNews;
    this.#timer = setInterval(() => void this.#look(), POLL_MS);
  }

  /** Whether picture or sound has come at all. */
  get hasMedia(): boolean {
    return this.#progress > 0;
  }

  /** For how long nothing came, ms. */
  get silenceMs(): number {
    return Date.now() - this.#progressAtMs;
  }

  /** Whether the path leads nowhere now. */
  get isStuck(): boolean {
    return this.#isStuck;
  }

  /** Idempotent. */
  close(): void {
    this.#state = 'closed';
    clearInterval(this.#timer);
  }

  async #look(): Promise<void> {
    const report = await this.#pc.getStats();
    if (this.#isClosed()) return;
    const nowMs = Date.now();
    const { progress, bytesReceived } = readWatchStats(report, null, nowMs);
    const seen = progress === 0 ? 0 : progress + bytesReceived;
    if (seen > this.#progress) {
      this.#progress = seen;
      this.#progressAtMs = nowMs;
    }
    const isSilent = this.#silence.note(report, nowMs);
    this.#isStuck = isSilent || this.#pc.connectionState === 'disconnected';
    this.#onNews();
  }

  #isClosed(): boolean {
    return this.#state === 'closed';
  }
}
