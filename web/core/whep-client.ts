import type { SourceView } from '../../gateway/protocol/api/rooms.ts';
import { createBrowserPort } from './browser-port.ts';
import type { BrowserPort } from './browser-port.ts';
import { IceServers } from './ice-servers.ts';
import { JoinWatch } from './join-steps.ts';
import { LayerChoice } from './layer-choice.ts';
import { MediaMonitor } from './media-monitor.ts';
import type { MediaFlow } from './media-monitor.ts';
import { Observable } from './observable.ts';
import { localProblem } from './problem.ts';
import type { NotWorking } from './problem.ts';
import { readPlayerCounters } from './player-report.ts';
import type { PlayerCounters } from './player-report.ts';
import { PathSilence } from './path-silence.ts';
import { PublisherLookout } from './publisher-lookout.ts';
import { byWebRtc } from './room-api.ts';
import type { SourceReading } from './room-api.ts';
import { keptEvents } from './kept-events.ts';
import type { SessionEvents } from './session-events.ts';
import { SessionKeeper } from './session-keeper.ts';
import type { KeeperState } from './session-keeper.ts';
import { Signalling } from './signalling.ts';
import { readWatchStats } from './watch-stats.ts';
import type { WatchStats } from './watch-stats.ts';
import type { TokenSource } from './token-source.ts';

/** All viewers of a publisher lose it in one instant. */
const LOOK_ELSEWHERE_MS = 2_000;

/** Where a viewer stands, in the words a page shows. */
export type WhepState =
  | { readonly kind: 'idle' }
  | { readonly kind: 'connecting' }
  | { readonly kind: 'live' }
  /** Nobody publishes. A kept session resumes by itself; otherwise the next attempt is at `retryAtMs`. */
  | {
      readonly kind: 'waiting';
      readonly sessionKept: boolean;
      readonly retryAtMs: number | null;
      /** Somebody publishes over WebSocket. */
      readonly byWebSocket?: boolean;
    }
  | NotWorking;

/** How to watch one source. */
export interface WhepClientOptions {
  /** Absolute URL of the WHEP endpoint. */
  readonly endpoint: string;
  readonly token: TokenSource;
  /** Used in place of those that the gateway names. */
  readonly iceServers?: readonly RTCIceServer[];
  /** `relay`: by TURN alone, to see whether it works. */
  readonly iceTransportPolicy?: RTCIceTransportPolicy;
  /** Asked when media falls silent: `RoomApi.readSource`. Without it, silence is never explained. */
  readonly readSource?: () => Promise<SourceReading>;
}

/**
 * Watches one source over WHEP and stays with it: it waits for a publisher, rides through the
 * publisher's absence, and joins again when the server lost the session.
 */
export class WhepClient {
  readonly state = new Observable<WhepState>({ kind: 'idle' });
  /** The tracks of the session in use; a new object per session. */
  readonly stream = new Observable<MediaStream | null>(null);
  /** Last segment of the URL of the session that plays; null while none does. */
  readonly session = new Observable<string | null>(null);
  /** The session lives, but nothing gets through to it now. */
  readonly isStuck = new Observable(false);
  /** How many watch, while the server tells it; null otherwise. */
  readonly viewers = new Observable<number | null>(null);
  /** Which size of the picture is taken, where there are several. */
  readonly layers: LayerChoice;
  /** How far the latest session came. */
  readonly join = new JoinWatch();
  readonly #port: BrowserPort;
  readonly #readSource: WhepClientOptions['readSource'];
  readonly #keeper: SessionKeeper;
  #monitor: MediaMonitor | null = null;
  #events: SessionEvents | null = null;
  #lookout: PublisherLookout | null = null;
  #flow: MediaFlow = 'none';
  /** As far as the room was asked. */
  #isByWebSocket = false;
  #wasLive = false;
  #lastStats: WatchStats | null = null;

  constructor(options: WhepClientOptions, port: BrowserPort = createBrowserPort()) {
    const { readSource } = options;
    this.#readSource = readSource && (async () => this.#note(await readSource()));
    this.#port = port;
    this.layers = new LayerChoice(port);
    this.#keeper = new SessionKeeper({
      port,
      signalling: new Signalling(port, {
        side: 'watch',
        url: options.endpoint,
        token: options.token,
      }),
      iceServers: new IceServers(port, options),
      iceTransportPolicy: options.iceTransportPolicy,
      prepare: (pc) => this.#prepare(pc),
      answered: (sessionUrl) => this.join.answered(lastSegment(sessionUrl)),
    });
    this.#keeper.state.subscribe(() => this.#handleKeeper(this.#keeper.state.value));
  }

  /** Begins to watch, also again after an end; ignored while running. */
  start(): void {
    this.#keeper.start();
  }

  /** Leaves and tells the server. Idempotent. */
  stop(): void {
    this.#keeper.stop();
  }

  /** Cuts a waiting time short. */
  retryNow(): void {
    this.#keeper.retryNow();
  }

  /** The figures of this moment; null while there is no connection. */
  async stats(): Promise<WatchStats | null> {
    const next = await this.#readStats(this.#lastStats);
    this.#lastStats = next;
    return next;
  }

  /** What the receiver has counted in this session; null while there is no connection. */
  async counters(): Promise<PlayerCounters | null> {
    const report = await this.#keeper.pc?.getStats();
    return report === undefined ? null : readPlayerCounters(report, Date.now());
  }

  #prepare(pc: RTCPeerConnection): void {
    this.join.begin(pc);
    const transceivers = [
      pc.addTransceiver('audio', { direction: 'recvonly' }),
      pc.addTransceiver('video', { direction: 'recvonly' }),
    ];
    pc.ontrack = () => {
      // The first event already sees every direction; a second object would restart the player.
      pc.ontrack = null;
      if (this.#keeper.pc !== pc) return;
      const tracks = transceivers
        .filter(({ currentDirection }) => currentDirection === 'recvonly')
        .map(({ receiver }) => receiver.track);
      this.stream.set(new MediaStream(tracks));
    };
  }

  #handleKeeper(state: KeeperState): void {
    this.#monitor?.close();
    this.#monitor = null;
    this.#events?.close();
    this.#events = null;
    this.viewers.set(null);
    const isLive = state.kind === 'live';
    if (isLive) this.join.connected();
    else if ('problem' in state) this.join.failed(state.problem.code);
    this.layers.attach(isLive ? (this.#keeper.links?.layersUrl ?? null) : null);
    this.#flow = 'none';
    this.isStuck.set(false);
    this.#lastStats = null;
    if (isLive) {
      this.#monitor = this.#createMonitor();
      this.#events = this.#createEvents(this.#monitor);
    }
    this.#lookOut(state);
    if (state.kind === 'stopped' || state.kind === 'failed') this.stream.set(null);
    this.session.set(isLive ? lastSegment(this.#keeper.sessionUrl) : null);
    this.#tellState();
  }

  #tellState(): void {
    this.state.set(toWhepState(this.#keeper.state.value, this.#flow, this.#isByWebSocket));
  }

  #lookElsewhere(): void {
    setTimeout(() => {
      if (this.#flow === 'publisher-gone') void this.#readSource?.();
    }, LOOK_ELSEWHERE_MS * this.#port.random());
  }

  /** A publisher who left here may go on over WebSocket. */
  #note(reading: SourceReading): SourceReading {
    if (reading !== null) {
      const before = this.#isByWebSocket;
      this.#isByWebSocket = typeof reading !== 'string' && reading.transports.includes('websocket');
      if (this.#flow === 'publisher-gone' && before !== this.#isByWebSocket) this.#tellState();
    }
    return byWebRtc(reading);
  }

  /** Only who watched a moment ago looks out; a crowd before an event waits by Retry-After. */
  #lookOut(state: KeeperState): void {
    const readSource = this.#readSource;
    const isWaiting = state.kind === 'reconnecting' && state.problem.code === 'no-publisher';
    if (!isWaiting) {
      this.#lookout?.close();
      this.#lookout = null;
    } else if (this.#wasLive && this.#lookout === null && readSource !== undefined) {
      this.#lookout = new PublisherLookout(
        readSource,
        () => this.#keeper.retryNow(),
        () => this.#port.random(),
      );
    }
  }

  #createMonitor(): MediaMonitor {
    const silence = new PathSilence();
    return new MediaMonitor({
      readProgress: () => this.#readProgress(silence),
      readSource: this.#readSource ?? (() => Promise.resolve(null)),
      fits: (source) => this.#fits(source),
      onFlow: (flow) => {
        this.#flow = flow;
        if (flow === 'flowing') this.#wasLive = true;
        this.#tellState();
        if (flow === 'publisher-gone') this.#lookElsewhere();
      },
      onStall: () => this.#keeper.probeNow(),
      onStale: () => this.#keeper.rejoin(localProblem('no-media')),
    });
  }

  /** Asked for only now, so that nothing delays the first picture. */
  #createEvents(monitor: MediaMonitor): SessionEvents | null {
    return keptEvents(this.#port, this.#keeper, {
      ...(this.#keeper.links?.layersUrl == null
        ? {}
        : { onLayers: (layers) => this.layers.handleLayers(layers) }),
      onPublisher: (live) => {
        // Lost with its node, it is told when the publisher is back.
        this.#keeper.awaitNews(live === false);
        monitor.handlePublisher(live);
      },
      onViewers: (count) => this.viewers.set(count),
      // An offer would be refused until the publisher, who is told too, is back.
      onReconnect: (isLive) => {
        const isAlone = this.#flow === 'publisher-gone';
        if (isLive) this.#keeper.replace();
        else this.#keeper.rejoin(localProblem(isAlone ? 'no-publisher' : 'session-gone'));
      },
    });
  }

  async #readProgress(silence: PathSilence): Promise<number | null> {
    const { pc } = this.#keeper;
    const report = await pc?.getStats();
    if (pc === null || report === undefined || this.#keeper.pc !== pc) return null;
    this.join.note(report);
    const isSilent = silence.note(report, Date.now());
    this.isStuck.set(isSilent || pc.connectionState === 'disconnected');
    return readWatchStats(report, null, Date.now()).progress;
  }

  async #readStats(before: WatchStats | null): Promise<WatchStats | null> {
    const report = await this.#keeper.pc?.getStats();
    return report === undefined ? null : readWatchStats(report, before, Date.now());
  }

  /** A returning publisher may bring a track that was rejected when this session was made. */
  #fits(source: SourceView): boolean {
    const received = (this.#keeper.pc?.getTransceivers() ?? [])
      .filter(({ currentDirection }) => currentDirection === 'recvonly')
      .map(({ receiver }) => receiver.track.kind);
    return (
      (source.video === null || received.includes('video')) &&
      (source.audio === null || received.includes('audio'))
    );
  }
}

function lastSegment(url: string | null): string | null {
  return url === null ? null : (new URL(url).pathname.split('/').at(-1) ?? null);
}

function toWhepState(state: KeeperState, flow: MediaFlow, isByWebSocket: boolean): WhepState {
  switch (state.kind) {
    case 'live':
      if (flow === 'flowing') return { kind: 'live' };
      if (flow === 'none') return { kind: 'connecting' };
      return waiting({ sessionKept: true, retryAtMs: null }, isByWebSocket);
    case 'reconnecting': {
      const { problem, retryAtMs } = state;
      if (problem.code !== 'no-publisher') return state;
      return waiting({ sessionKept: false, retryAtMs }, problem.byWebSocket === true);
    }
    case 'idle':
    case 'connecting':
    case 'failed':
    case 'stopped':
      return state;
    default:
      return state satisfies never;
  }
}

const waiting = (
  wait: { readonly sessionKept: boolean; readonly retryAtMs: number | null },
  isByWebSocket: boolean,
): WhepState => ({ kind: 'waiting', ...wait, ...(isByWebSocket ? { byWebSocket: true } : {}) });
