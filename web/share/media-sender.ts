import type { MediaMode } from '../core/roaming/media-mode.ts';
import { Observable } from '../core/observable.ts';
import { HEAD_START_MS } from '../core/roaming/way-choice.ts';
import { StripesPublisher } from '../core/stripes-publisher/stripes-publisher.ts';
import { WhipClient } from '../core/whip-client.ts';
import type { WhipClientOptions } from '../core/whip-client.ts';
import { standingOf } from './share-standing.ts';
import type { ShareStanding } from './share-standing.ts';
import type { SendLimits, SentMedia, StreamSender } from './stream-sender.ts';

/** What to send, where, and how. */
export interface MediaSenderOptions extends WhipClientOptions {
  /** Absolute URL of the source's media socket. */
  readonly mediaUrl: string;
  readonly mode: MediaMode;
  readonly contentHint: 'detail' | 'motion';
  readonly maxBitrateBps: number;
  readonly maxFramerate: number;
}

/**
 * Sends one stream by WHIP and holds a publish socket in readiness beside it, which encodes for those
 * whom WebRTC does not reach, or sends by one of them alone.
 */
export class MediaSender implements StreamSender {
  readonly state = new Observable<ShareStanding>({ kind: 'connecting' });
  readonly #whip: WhipClient | null;
  readonly #stripes: StripesPublisher | null;
  #headStart: ReturnType<typeof setTimeout> | undefined;
  #hint: 'detail' | 'motion';
  #limits: { readonly maxBitrateBps: number; readonly maxFramerate: number };

  constructor(options: MediaSenderOptions) {
    this.#hint = options.contentHint;
    this.#limits = options;
    const { stream, token, mediaUrl: url } = options;
    this.#whip = sendsWebRtc(options.mode) ? new WhipClient(options) : null;
    this.#stripes =
      options.mode === 'webrtc'
        ? null
        : new StripesPublisher({ url, token, stream, limits: this.#stripesLimits });
    this.#whip?.state.subscribe(() => this.#handleWhip());
    this.#stripes?.state.subscribe(() => this.#tell());
  }

  get sizesRefused(): Observable<boolean> | null {
    return this.#whip?.sizesRefused ?? null;
  }

  start(): void {
    if (this.#whip === null) {
      this.#stripes?.start();
      return;
    }
    this.#headStart = setTimeout(() => this.#stripes?.start(), HEAD_START_MS);
    this.#whip.start();
  }

  stop(): void {
    clearTimeout(this.#headStart);
    this.#whip?.stop();
    this.#stripes?.stop();
  }

  retryNow(): void {
    this.#whip?.retryNow();
    this.#stripes?.retryNow();
  }

  setContentHint(hint: 'detail' | 'motion'): void {
    this.#hint = hint;
    this.#whip?.setContentHint(hint);
    this.#stripes?.setLimits(this.#stripesLimits);
  }

  async replaceTrack(track: MediaStreamTrack): Promise<void> {
    this.#stripes?.replaceTrack(track);
    await this.#whip?.replaceTrack(track);
  }

  async setLimits(limits: SendLimits): Promise<void> {
    this.#limits = limits;
    this.#stripes?.setLimits(this.#stripesLimits);
    await this.#whip?.setLimits(limits);
  }

  async stats(): Promise<SentMedia> {
    const webrtc = (await this.#whip?.stats()) ?? null;
    return { webrtc, websocket: this.#stripes?.figures.value ?? null };
  }

  get #stripesLimits() {
    const { maxBitrateBps, maxFramerate } = this.#limits;
    return { maxBitrateBps, maxFramerate, hint: this.#hint };
  }

  #handleWhip(): void {
    const kind = this.#whip?.state.value.kind;
    if (kind === 'live' || kind === 'reconnecting' || kind === 'failed') {
      clearTimeout(this.#headStart);
      if (this.#stripes?.state.value.kind === 'idle') this.#stripes.start();
    }
    this.#tell();
  }

  #tell(): void {
    const socket = this.#stripes?.state.value ?? null;
    this.state.set(standingOf(this.#whip?.state.value ?? null, socket));
  }
}

/** A browser without WebRTC sends by WebSocket alone, unless that is not wanted. */
const sendsWebRtc = (mode: MediaMode): boolean =>
  mode === 'webrtc' || (mode === 'auto' && 'RTCPeerConnection' in globalThis);
