import type { SignalEvent } from '../../../gateway/protocol/signal/signal-events.ts';
import { backOffMs } from '../back-off.ts';
import { createBrowserPort } from '../browser-port.ts';
import { sortCodecs } from '../codec-order.ts';
import { Observable } from '../observable.ts';
import { readPublishStats } from '../publish-stats.ts';
import type { PublishStats } from '../publish-stats.ts';
import type { KeeperState } from '../session-keeper.ts';
import { SignalClient } from '../signal/signal-client.ts';
import type { EncoderLimits } from '../whip-client.ts';
import { configurationOf } from './direct-terms.ts';
import type { DirectPlace, DirectPort } from './direct-terms.ts';
import { voiceTo } from './link-voice.ts';
import { PeerLink } from './peer-link.ts';
import type { LinkState } from './peer-link.ts';

/** What to send directly, and where. */
export interface DirectSenderOptions extends DirectPlace, EncoderLimits {
  /** At most one audio and one video track are sent; they stay the caller's to stop. */
  readonly stream: MediaStream;
  readonly contentHint?: 'detail' | 'text' | 'motion';
}

interface Receiver {
  readonly link: PeerLink;
  readonly senders: ReadonlyMap<string, RTCRtpSender>;
}

const BACKOFF_MS = { first: 1_000, last: 15_000 };

/** Sends one stream to each receiver of a source, over a connection with each. */
export class DirectSender {
  /** `live`: registered, so that receivers find it. */
  readonly state: Observable<KeeperState>;
  /** How many are connected. */
  readonly receivers = new Observable(0);
  readonly #options: DirectSenderOptions;
  readonly #port: DirectPort;
  readonly #signal: SignalClient;
  readonly #tracks: Map<string, MediaStreamTrack>;
  readonly #receivers = new Map<string, Receiver>();
  /** Failures in a row of each that is there. */
  readonly #failures = new Map<string, number>();
  readonly #retries = new Map<string, ReturnType<typeof setTimeout>>();
  #present = new Set<string>();
  #iceServers: readonly RTCIceServer[] = [];
  #limits: EncoderLimits;
  #lastStats: PublishStats | null = null;

  constructor(options: DirectSenderOptions, port: DirectPort = createBrowserPort()) {
    this.#options = options;
    this.#port = port;
    this.#limits = options;
    this.#tracks = new Map(options.stream.getTracks().map((track) => [track.kind, track]));
    this.setContentHint(options.contentHint ?? 'detail');
    this.#signal = new SignalClient(port, { ...options, role: 'sender' });
    this.state = this.#signal.state;
    this.#signal.onEvent((event) => this.#handle(event));
    this.state.subscribe(() => {
      const { kind } = this.state.value;
      if (kind === 'stopped' || kind === 'failed') this.#closeAll();
    });
  }

  /** Begins to send, also again after an end; ignored while running. */
  start(): void {
    this.#signal.start();
  }

  /** Says goodbye and ends all connections; the tracks stay with the caller. Idempotent. */
  stop(): void {
    this.#signal.stop();
  }

  /** Cuts a back-off short. */
  retryNow(): void {
    this.#signal.retryNow();
  }

  /** Tells the encoder what the picture is like. */
  setContentHint(hint: 'detail' | 'text' | 'motion'): void {
    const video = this.#tracks.get('video');
    if (video !== undefined) video.contentHint = hint;
  }

  /** Changes what the encoders may do, each receiver's by itself. */
  async setLimits(limits: EncoderLimits): Promise<void> {
    this.#limits = { ...this.#limits, ...limits };
    await Promise.all([...this.#receivers.values()].map((receiver) => this.#limit(receiver)));
  }

  /** Sends another track of the same kind in place of the present one, without negotiation. */
  async replaceTrack(track: MediaStreamTrack): Promise<void> {
    this.#tracks.set(track.kind, track);
    await Promise.all(
      [...this.#receivers.values()].map(async ({ senders }) => {
        await senders.get(track.kind)?.replaceTrack(track);
      }),
    );
  }

  /** The figures of this moment, of the first receiver; null while there is none. */
  async stats(): Promise<PublishStats | null> {
    const receiver = [...this.#receivers.values()].find(({ link }) => link.state === 'connected');
    const report = await receiver?.link.pc.getStats();
    this.#lastStats =
      report === undefined ? null : readPublishStats(report, this.#lastStats, Date.now());
    return this.#lastStats;
  }

  #handle(event: SignalEvent): void {
    switch (event.type) {
      case 'registered': {
        this.#useServers(event.turnConfig.iceServers);
        this.#present = new Set(event.peers.map(({ peerId }) => peerId));
        // Who is connected and not there may come back yet, after the gateway was away.
        for (const peerId of [...this.#receivers.keys()]) {
          if (!this.#present.has(peerId) && !this.#isConnected(peerId)) this.#drop(peerId);
        }
        for (const peerId of this.#present) this.#meet(peerId);
        return;
      }
      case 'turn-config':
        this.#useServers(event.turnConfig.iceServers);
        return;
      case 'peer-connected':
        this.#present.add(event.peerId);
        this.#meet(event.peerId);
        return;
      case 'peer-disconnected':
        this.#present.delete(event.peerId);
        // What was negotiated may go on without the gateway.
        if (event.reason !== 'lost' || !this.#isConnected(event.peerId)) this.#drop(event.peerId);
        return;
      case 'bye':
        this.#drop(event.from);
        return;
      case 'answer':
        void this.#receivers.get(event.from)?.link.handleAnswer(event.sdp);
        return;
      case 'ice-candidate':
        void this.#receivers.get(event.from)?.link.handleCandidate(event.candidate);
        return;
      case 'ice':
        void this.#receivers.get(event.from)?.link.handleCandidate(event);
        return;
      case 'request-offer':
        if (this.#receivers.has(event.from)) this.#receivers.get(event.from)?.link.restart();
        else this.#connect(event.from);
        return;
      default:
        return;
    }
  }

  #useServers(iceServers: readonly RTCIceServer[]): void {
    this.#iceServers = iceServers;
    for (const { link } of this.#receivers.values()) link.setIceServers(iceServers);
  }

  #isConnected(peerId: string): boolean {
    return this.#receivers.get(peerId)?.link.state === 'connected';
  }

  #meet(peerId: string): void {
    const known = this.#receivers.get(peerId);
    if (known === undefined) this.#connect(peerId);
    else known.link.refresh();
  }

  #connect(peerId: string): void {
    clearTimeout(this.#retries.get(peerId));
    this.#receivers.get(peerId)?.link.close();
    const link = new PeerLink({
      port: this.#port,
      configuration: configurationOf(this.#options, this.#iceServers),
      isOfferer: true,
      voice: voiceTo(this.#signal, peerId),
      onState: (state) => this.#handleLink(peerId, state),
    });
    this.#receivers.set(peerId, { link, senders: this.#addTracks(link.pc) });
    void link.offer();
  }

  #addTracks(pc: RTCPeerConnection): Map<string, RTCRtpSender> {
    const senders = new Map<string, RTCRtpSender>();
    for (const [kind, track] of this.#tracks) {
      const transceiver = pc.addTransceiver(track, {
        direction: 'sendonly',
        streams: [this.#options.stream],
      });
      senders.set(kind, transceiver.sender);
      if (kind !== 'video') continue;
      // Phones encode it in hardware.
      transceiver.setCodecPreferences(sortCodecs(this.#port.videoCodecs(), ['video/H264']));
    }
    return senders;
  }

  #handleLink(peerId: string, state: LinkState): void {
    const receiver = this.#receivers.get(peerId);
    if (receiver === undefined) return;
    if (state === 'connected') {
      this.#failures.delete(peerId);
      void this.#limit(receiver);
    }
    if (state === 'failed' && this.#present.has(peerId)) this.#retry(peerId);
    else if (state === 'failed') this.#drop(peerId);
    this.#count();
  }

  #retry(peerId: string): void {
    const failures = this.#failures.get(peerId) ?? 0;
    this.#failures.set(peerId, failures + 1);
    const delayMs = backOffMs(BACKOFF_MS, failures, this.#port.random());
    this.#retries.set(
      peerId,
      setTimeout(() => this.#connect(peerId), delayMs),
    );
  }

  async #limit({ senders }: Receiver): Promise<void> {
    const sender = senders.get('video');
    if (sender === undefined) return;
    const { maxBitrateBps, maxFramerate, degradationPreference } = this.#limits;
    const parameters = sender.getParameters();
    if (degradationPreference !== undefined) {
      parameters.degradationPreference = degradationPreference;
    }
    for (const encoding of parameters.encodings) {
      if (maxBitrateBps !== undefined) encoding.maxBitrate = maxBitrateBps;
      if (maxFramerate !== undefined) encoding.maxFramerate = maxFramerate;
    }
    // Refused where the connection ended meanwhile; the next one begins with these.
    await sender.setParameters(parameters).catch(() => undefined);
  }

  #drop(peerId: string): void {
    clearTimeout(this.#retries.get(peerId));
    this.#retries.delete(peerId);
    this.#failures.delete(peerId);
    this.#receivers.get(peerId)?.link.close();
    this.#receivers.delete(peerId);
    this.#count();
  }

  #closeAll(): void {
    for (const peerId of [...this.#receivers.keys()]) this.#drop(peerId);
  }

  #count(): void {
    const connected = [...this.#receivers.values()].filter(
      ({ link }) => link.state === 'connected',
    );
    this.receivers.set(connected.length);
  }
}
