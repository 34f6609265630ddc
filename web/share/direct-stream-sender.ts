import { DirectSender } from '../core/direct/direct-sender.ts';
import type { DirectSenderOptions } from '../core/direct/direct-sender.ts';
import { Observable } from '../core/observable.ts';
import type { ShareStanding } from './share-standing.ts';
import type { SendLimits, SentMedia, StreamSender } from './stream-sender.ts';

/** Sends one stream directly to whoever watches. */
export class DirectStreamSender implements StreamSender {
  readonly state = new Observable<ShareStanding>({ kind: 'connecting' });
  readonly sizesRefused = null;
  readonly #sender: DirectSender;

  constructor(options: DirectSenderOptions) {
    this.#sender = new DirectSender(options);
    this.#sender.state.subscribe(() => this.#tell());
    this.#sender.receivers.subscribe(() => this.#tell());
  }

  start(): void {
    this.#sender.start();
  }

  stop(): void {
    this.#sender.stop();
  }

  retryNow(): void {
    this.#sender.retryNow();
  }

  setContentHint(hint: 'detail' | 'motion'): void {
    this.#sender.setContentHint(hint);
  }

  async setLimits(limits: SendLimits): Promise<void> {
    await this.#sender.setLimits(limits);
  }

  async replaceTrack(track: MediaStreamTrack): Promise<void> {
    await this.#sender.replaceTrack(track);
  }

  async stats(): Promise<SentMedia> {
    return { webrtc: await this.#sender.stats(), websocket: null };
  }

  #tell(): void {
    const state = this.#sender.state.value;
    const receivers = this.#sender.receivers.value;
    if (state.kind === 'live' || (state.kind === 'reconnecting' && receivers > 0)) {
      const ways = { webrtc: receivers > 0, websocket: false, obstacle: null, receivers };
      this.state.set({ kind: 'live', ways });
    } else this.state.set(state.kind === 'idle' ? { kind: 'connecting' } : state);
  }
}
