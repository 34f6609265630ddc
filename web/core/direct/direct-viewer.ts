import type { SignalEvent } from '../../../gateway/protocol/signal/signal-events.ts';
import { backOffMs } from '../back-off.ts';
import { createBrowserPort } from '../browser-port.ts';
import { Observable } from '../observable.ts';
import { localProblem } from '../problem.ts';
import type { SessionProblem } from '../problem.ts';
import { SignalClient } from '../signal/signal-client.ts';
import { readWatchStats } from '../watch-stats.ts';
import type { WatchStats } from '../watch-stats.ts';
import type { WhepState } from '../whep-client.ts';
import { configurationOf } from './direct-terms.ts';
import type { DirectPlace, DirectPort } from './direct-terms.ts';
import type { DirectChannels } from './input-channels.ts';
import { LinkWatch } from './link-watch.ts';
import { voiceTo } from './link-voice.ts';
import { PeerLink } from './peer-link.ts';
import type { LinkState } from './peer-link.ts';
import { viewerState } from './viewer-state.ts';

/** Whom to watch directly: a sender, who offers, or a host, to whom this one offers. */
export interface DirectViewerOptions extends DirectPlace {
  readonly role: 'receiver' | 'client';
  /** Clients: opened beside picture and sound. */
  readonly channels?: DirectChannels;
}

/** A counterpart whose connection to the gateway was lost sends on, or is gone with it. */
const GONE_MS = 1_000;
const BACKOFF_MS = { first: 1_000, last: 15_000 };

/** Receives picture and sound of the one peer that gives them. */
export class DirectViewer {
  readonly state = new Observable<WhepState>({ kind: 'idle' });
  /** The tracks of the connection in use; a new object per connection. */
  readonly stream = new Observable<MediaStream | null>(null);
  /** The connection lives, but nothing gets through to it now. */
  readonly isStuck = new Observable(false);
  /** Whether there is, or was, somebody who gives. */
  readonly hasCounterpart = new Observable(false);
  readonly signal: SignalClient;
  readonly #options: DirectViewerOptions;
  readonly #port: DirectPort;
  #iceServers: readonly RTCIceServer[] = [];
  #peerId: string | null = null;
  #link: PeerLink | null = null;
  /** Of the peer's connection, by which a new one is known. */
  #sdpSession: string | null = null;
  /** Why there is no picture, where it was lost; null: it was not, or is on its way. */
  #loss: SessionProblem | null = null;
  #isPeerLost = false;
  #failures = 0;
  #watch: LinkWatch | null = null;
  #lastStats: WatchStats | null = null;
  #retry: ReturnType<typeof setTimeout> | undefined;

  constructor(options: DirectViewerOptions, port: DirectPort = createBrowserPort()) {
    this.#options = options;
    this.#port = port;
    this.signal = new SignalClient(port, options);
    this.signal.onEvent((event) => this.#handle(event));
    this.signal.state.subscribe(() => this.#handleSignal());
  }

  /** Begins to watch, also again after an end; ignored while running. */
  start(): void {
    if (['connecting', 'live', 'reconnecting'].includes(this.signal.state.value.kind)) return;
    this.#loss = null;
    this.hasCounterpart.set(false);
    this.signal.start();
  }

  /** Says goodbye. Idempotent. */
  stop(): void {
    this.signal.stop();
  }

  /** Cuts waiting short. */
  retryNow(): void {
    this.signal.retryNow();
    if (this.#link !== null) this.#link.refresh();
    else if (this.#peerId !== null) this.#connect();
  }

  /** The figures of this moment; null while there is no connection. */
  async stats(): Promise<WatchStats | null> {
    const report = await this.report();
    this.#lastStats = report === null ? null : readWatchStats(report, this.#lastStats, Date.now());
    return this.#lastStats;
  }

  /** The browser's own report of the connection; null while there is none. */
  async report(): Promise<RTCStatsReport | null> {
    return (await this.#link?.pc.getStats()) ?? null;
  }

  #handle(event: SignalEvent): void {
    switch (event.type) {
      case 'registered': {
        this.#useServers(event.turnConfig.iceServers);
        const [peer] = event.peers;
        if (peer !== undefined) this.#meet(peer.peerId);
        this.#tell();
        return;
      }
      case 'turn-config':
        this.#useServers(event.turnConfig.iceServers);
        return;
      case 'peer-connected':
        this.#meet(event.peerId);
        return;
      case 'peer-disconnected':
        if (event.peerId === this.#peerId) this.#handleParting(event.reason);
        return;
      case 'bye':
        if (event.from === this.#peerId) this.#handleFailed();
        return;
      case 'offer':
        this.#handleOffer(event.from, event.sdp);
        return;
      case 'answer':
        if (event.from === this.#peerId) void this.#link?.handleAnswer(event.sdp);
        return;
      case 'ice-candidate':
      case 'ice': {
        const candidate = event.type === 'ice' ? event : event.candidate;
        if (event.from === this.#peerId) void this.#link?.handleCandidate(candidate);
        return;
      }
      case 'request-offer':
        if (event.from === this.#peerId) this.#link?.restart();
        return;
      default:
        return;
    }
  }

  #handleSignal(): void {
    const { kind } = this.signal.state.value;
    if (kind === 'stopped' || kind === 'failed') this.#release();
    this.#tell();
  }

  #useServers(iceServers: readonly RTCIceServer[]): void {
    this.#iceServers = iceServers;
    this.#link?.setIceServers(iceServers);
  }

  /** A counterpart is there: a new one, or one that came back with its connection. */
  #meet(peerId: string): void {
    this.#isPeerLost = false;
    this.hasCounterpart.set(true);
    if (peerId === this.#peerId && this.#link !== null) {
      this.#link.refresh();
      return;
    }
    this.#peerId = peerId;
    this.#failures = 0;
    if (this.#options.role === 'client') this.#connect();
    else this.#closeLink();
    this.#tell();
  }

  #handleParting(reason: 'left' | 'lost' | 'replaced' | 'kicked'): void {
    if (reason === 'lost') {
      this.#isPeerLost = true;
      if (this.#link?.state !== 'connected') this.#loss = localProblem('connection-lost');
      this.#tell();
      return;
    }
    this.#closeLink();
    this.#peerId = null;
    if (reason !== 'replaced') {
      const problem = this.#options.role === 'client' ? 'host-left' : 'sender-left';
      this.#loss = localProblem(problem);
      this.signal.stop();
    }
    this.#tell();
  }

  #handleOffer(from: string, sdp: string): void {
    const session = /^o=\S+ (\S+)/m.exec(sdp)?.[1] ?? null;
    const isKnown = from === this.#peerId && session === this.#sdpSession;
    this.#peerId = from;
    this.hasCounterpart.set(true);
    if (!isKnown || this.#link === null) this.#createLink();
    this.#sdpSession = session;
    void this.#link?.handleOffer(sdp);
    this.#tell();
  }

  /** A client offers; a receiver asks for an offer. */
  #connect(): void {
    clearTimeout(this.#retry);
    const to = this.#peerId;
    if (to === null) return;
    if (this.#options.role === 'receiver') {
      this.signal.send({ type: 'request-offer', to });
      return;
    }
    const link = this.#createLink();
    for (const kind of ['audio', 'video']) link.pc.addTransceiver(kind, { direction: 'recvonly' });
    this.#options.channels?.open(link.pc, () => link.state === 'connected' && !this.isStuck.value);
    void link.offer();
  }

  #createLink(): PeerLink {
    this.#closeLink();
    const link: PeerLink = new PeerLink({
      port: this.#port,
      configuration: configurationOf(this.#options, this.#iceServers),
      isOfferer: this.#options.role === 'client',
      voice: voiceTo(this.signal, this.#peerId ?? ''),
      onState: (state) => {
        if (this.#link === link) this.#handleLink(state);
      },
    });
    const stream = new MediaStream();
    link.pc.ontrack = ({ track }) => {
      stream.addTrack(track);
      this.stream.set(stream);
    };
    this.#link = link;
    this.#watch = new LinkWatch(link.pc, () => this.#look());
    return link;
  }

  #closeLink(): void {
    clearTimeout(this.#retry);
    this.#link?.close();
    this.#link = null;
    this.#sdpSession = null;
    this.#watch?.close();
    this.#watch = null;
    this.#lastStats = null;
    this.isStuck.set(false);
  }

  #handleLink(state: LinkState): void {
    if (state === 'connected') {
      this.#failures = 0;
      this.#loss = null;
    }
    if (state === 'interrupted') this.#loss = localProblem('connection-lost');
    if (state === 'failed') this.#handleFailed();
    else this.#tell();
  }

  #handleFailed(): void {
    const hadPicture = this.#watch?.hasMedia === true || this.#loss !== null;
    this.#loss = localProblem(hadPicture ? 'connection-lost' : 'udp-blocked');
    this.#closeLink();
    if (!this.#isPeerLost) {
      const delayMs = backOffMs(BACKOFF_MS, this.#failures++, this.#port.random());
      this.#retry = setTimeout(() => this.#connect(), delayMs);
    }
    this.#tell();
  }

  #look(): void {
    const [link, watch] = [this.#link, this.#watch];
    if (link === null || watch === null) return;
    const wasStuck = this.isStuck.value;
    this.isStuck.set(watch.isStuck);
    if (watch.isStuck && !wasStuck) link.restart();
    if (this.#isPeerLost && watch.silenceMs > GONE_MS) {
      this.#loss = localProblem('connection-lost');
    } else if (link.state === 'connected' && watch.silenceMs < GONE_MS) {
      this.#loss = null;
    }
    this.#tell();
  }

  #release(): void {
    this.#closeLink();
    this.#peerId = null;
    this.#isPeerLost = false;
    this.stream.set(null);
  }

  #tell(): void {
    const next = viewerState({
      signal: this.signal.state.value,
      hasPeer: this.#peerId !== null,
      isPlaying: this.#link?.state === 'connected' && this.#watch?.hasMedia === true,
      loss: this.#loss,
    });
    if (JSON.stringify(next) !== JSON.stringify(this.state.value)) this.state.set(next);
  }
}
