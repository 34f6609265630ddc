import { createBrowserPort } from './browser-port.ts';
import type { BrowserPort } from './browser-port.ts';
import { sortCodecs } from './codec-order.ts';
import { IceServers } from './ice-servers.ts';
import { Observable } from './observable.ts';
import { readPublishStats } from './publish-stats.ts';
import type { PublishStats } from './publish-stats.ts';
import { keptEvents } from './kept-events.ts';
import type { SessionEvents } from './session-events.ts';
import { SessionKeeper } from './session-keeper.ts';
import type { KeeperState } from './session-keeper.ts';
import { Signalling } from './signalling.ts';
import { bitrateShares, simulcastLayers } from './simulcast.ts';
import { UplinkFit } from './uplink-fit.ts';
import type { TokenSource } from './token-source.ts';

/** Where a publisher stands: idle, connecting, live, reconnecting, failed or stopped. */
export type WhipState = KeeperState;

/** What the encoder may do; all of it can change while live. */
export interface EncoderLimits {
  /** Of all sizes together. */
  readonly maxBitrateBps?: number;
  readonly maxFramerate?: number;
  /** With `maintain-framerate` the picture shrinks within a second or two of a narrowing uplink. */
  readonly degradationPreference?: RTCDegradationPreference;
}

/** How to publish one source. */
export interface WhipClientOptions extends EncoderLimits {
  /** Absolute URL of the WHIP endpoint. */
  readonly endpoint: string;
  readonly token: TokenSource;
  /** At most one audio and one video track are sent; they stay the caller's to stop. */
  readonly stream: MediaStream;
  /** `detail` and `text` favour sharpness, `motion` favours smoothness. */
  readonly contentHint?: 'detail' | 'text' | 'motion';
  /** MIME types, best first; the rest follows in the browser's order. Default H.264. */
  readonly videoCodecs?: readonly string[];
  /** `several` sends the picture in two or three sizes, where the server takes them. Default one. */
  readonly sizes?: 'one' | 'several';
  /** Used in place of those that the gateway names. */
  readonly iceServers?: readonly RTCIceServer[];
}

/** Publishes one stream over WHIP and keeps it up until `stop`. */
export class WhipClient {
  /** Whether the server takes one size only, so that one is sent although several were wanted. */
  readonly sizesRefused = new Observable(false);
  readonly #options: WhipClientOptions;
  readonly #port: BrowserPort;
  readonly #keeper: SessionKeeper;
  readonly #tracks: Map<'audio' | 'video', MediaStreamTrack>;
  readonly #senders = new Map<'audio' | 'video', RTCRtpSender>();
  #limits: EncoderLimits;
  #lastStats: PublishStats | null = null;
  #fit: UplinkFit | null = null;
  #events: SessionEvents | null = null;
  #scale = 1;
  /** setParameters must not overlap itself. */
  #applied: Promise<void> = Promise.resolve();

  constructor(options: WhipClientOptions, port: BrowserPort = createBrowserPort()) {
    this.#options = options;
    this.#port = port;
    this.#limits = options;
    this.#tracks = firstTracks(options.stream);
    this.setContentHint(options.contentHint ?? 'detail');
    this.#keeper = new SessionKeeper({
      port,
      signalling: new Signalling(port, {
        side: 'publish',
        url: options.endpoint,
        token: options.token,
      }),
      iceServers: new IceServers(port, options),
      prepare: (pc) => this.#prepare(pc),
    });
    this.#keeper.state.subscribe(() => this.#handleState());
  }

  get state(): Observable<WhipState> {
    return this.#keeper.state;
  }

  /** Begins to publish, also again after an end; ignored while running. */
  start(): void {
    this.#keeper.start();
  }

  /** Ends the session and tells the server; the tracks stay with the caller. Idempotent. */
  stop(): void {
    this.#keeper.stop();
  }

  /** Cuts a back-off short. */
  retryNow(): void {
    this.#keeper.retryNow();
  }

  /** Changes what the encoder may do, without a new session. */
  async setLimits(limits: EncoderLimits): Promise<void> {
    this.#limits = { ...this.#limits, ...limits };
    await this.#queueLimits();
  }

  /** Tells the encoder what the picture is like. */
  setContentHint(hint: 'detail' | 'text' | 'motion'): void {
    const video = this.#tracks.get('video');
    if (video !== undefined) video.contentHint = hint;
  }

  /** Sends another track of the same kind in place of the present one, also after reconnects. */
  async replaceTrack(track: MediaStreamTrack): Promise<void> {
    const kind = track.kind === 'audio' ? 'audio' : 'video';
    this.#tracks.set(kind, track);
    await this.#senders.get(kind)?.replaceTrack(track);
  }

  /** The figures of this moment; null while there is no connection. */
  async stats(): Promise<PublishStats | null> {
    const report = await this.#keeper.pc?.getStats();
    this.#lastStats =
      report === undefined ? null : readPublishStats(report, this.#lastStats, Date.now());
    return this.#lastStats;
  }

  #prepare(pc: RTCPeerConnection): void {
    this.#senders.clear();
    this.#lastStats = null;
    for (const [kind, track] of this.#tracks) {
      const transceiver = pc.addTransceiver(track, {
        direction: 'sendonly',
        streams: [this.#options.stream],
        ...(kind === 'video' ? { sendEncodings: this.#encodings(track) } : {}),
      });
      if (kind === 'video') {
        const preferred = this.#options.videoCodecs ?? ['video/H264'];
        transceiver.setCodecPreferences(sortCodecs(this.#port.videoCodecs(), preferred));
      }
      this.#senders.set(kind, transceiver.sender);
    }
  }

  /** Lowest first; one without a name where one size is sent. */
  #encodings(track: MediaStreamTrack): RTCRtpEncodingParameters[] {
    const layers = this.#sendsSeveral ? simulcastLayers(track.getSettings().height ?? 0) : [{}];
    return layers.map((layer, place) => ({
      ...layer,
      ...toEncoding(this.#limits, bitrateShares(layers.length)[place]),
    }));
  }

  get #sendsSeveral(): boolean {
    return this.#options.sizes === 'several' && !this.sizesRefused.value;
  }

  #handleState(): void {
    this.#fit?.close();
    this.#fit = null;
    this.#events?.close();
    this.#events = null;
    const state = this.#keeper.state.value;
    if (state.kind === 'failed' && state.problem.code === 'simulcast-unsupported') {
      if (!this.#sendsSeveral) return;
      this.sizesRefused.set(true);
      this.#keeper.start();
    }
    if (state.kind !== 'live') return;
    this.#events = keptEvents(this.#port, this.#keeper);
    this.#scale = 1;
    void this.#queueLimits();
    // With several sizes the browser itself stops the largest that the uplink does not bear.
    if (this.#sendsSeveral) return;
    this.#fit = new UplinkFit({
      readStats: async () => await this.#senders.get('video')?.getStats(),
      ceilingBps: () => this.#limits.maxBitrateBps,
      apply: async (scale) => {
        this.#scale = scale;
        await this.#queueLimits();
      },
    });
  }

  #queueLimits(): Promise<void> {
    this.#applied = this.#applied.then(() => this.#applyLimits());
    return this.#applied;
  }

  async #applyLimits(): Promise<void> {
    const sender = this.#senders.get('video');
    if (sender === undefined || this.#keeper.state.value.kind !== 'live') return;
    const parameters = sender.getParameters();
    if (this.#limits.degradationPreference !== undefined) {
      parameters.degradationPreference = this.#limits.degradationPreference;
    }
    const { encodings } = parameters;
    const shares = bitrateShares(encodings.length);
    encodings.forEach((encoding, place) => {
      Object.assign(encoding, toEncoding(this.#limits, shares[place]));
    });
    const [only, ...more] = encodings;
    if (only !== undefined && more.length === 0) {
      const keepsRate = this.#limits.degradationPreference === 'maintain-framerate';
      only.scaleResolutionDownBy = keepsRate ? this.#scale : 1;
    }
    try {
      await sender.setParameters(parameters);
    } catch {
      // The connection ended meanwhile; the next one starts with these limits.
    }
  }
}

function firstTracks(stream: MediaStream): Map<'audio' | 'video', MediaStreamTrack> {
  const tracks = new Map<'audio' | 'video', MediaStreamTrack>();
  const [audio] = stream.getAudioTracks();
  const [video] = stream.getVideoTracks();
  if (audio !== undefined) tracks.set('audio', audio);
  if (video !== undefined) tracks.set('video', video);
  return tracks;
}

function toEncoding(
  { maxBitrateBps, maxFramerate }: EncoderLimits,
  share = 1,
): RTCRtpEncodingParameters {
  return {
    ...(maxBitrateBps === undefined ? {} : { maxBitrate: Math.round(maxBitrateBps * share) }),
    ...(maxFramerate === undefined ? {} : { maxFramerate }),
  };
}
