import type { BrowserPort } from '../browser-port.ts';
import { Observable } from '../observable.ts';
import type { PlayerCounters } from '../player-report.ts';
import type { WhepState } from '../whep-client.ts';
import type { MediaMode, Way } from './media-mode.ts';
import { roamingState } from './roaming-state.ts';
import { choose, restingChoice } from './way-choice.ts';
import type { WayChoice, WayEvent } from './way-choice.ts';
import { newsOfStripes, newsOfWhep } from './way-news.ts';
import type { WayNews } from './way-news.ts';

/** What both ways of watching have. */
export interface MediaWay {
  readonly state: Observable<WhepState>;
  readonly session: Observable<string | null>;
  readonly viewers: Observable<number | null>;
  start(): void;
  stop(): void;
  retryNow(): void;
  counters(): Promise<PlayerCounters | null>;
}

/** A {@link WhepClient}, as far as it matters. */
export interface WebrtcWay extends MediaWay {
  readonly stream: Observable<MediaStream | null>;
  readonly isStuck: Observable<boolean>;
}

/** What a roaming client is made of. */
export interface RoamingParts {
  readonly mode: MediaMode;
  readonly port: Pick<BrowserPort, 'onWindowEvent' | 'onConnectionChange'>;
  /** Null where the browser has no WebRTC. */
  readonly webrtc: WebrtcWay | null;
  /** A {@link StripesPlayer}. */
  readonly websocket: MediaWay & { readonly webrtc: Observable<boolean | null> };
  /** Milliseconds, of any clock that never goes back. */
  readonly now?: () => number;
}

/** A stream whose first picture is never told is taken to be seen after so long. */
const PICTURE_PATIENCE_MS = 2_000;

/**
 * Watches one source by WebRTC or over WebSocket, as `choose` says, and moves from one to the other
 * without a gap: the next one has its picture before the last one ends.
 */
export class RoamingClient implements MediaWay {
  readonly state: Observable<WhepState>;
  /** Of the way whose picture is seen. */
  readonly session = new Observable<string | null>(null);
  readonly viewers = new Observable<number | null>(null);
  readonly choice: Observable<WayChoice>;
  readonly #parts: RoamingParts;
  readonly #events: WayEvent[] = [];
  readonly #off: (() => void)[] = [];
  #isHandling = false;
  #hasPicture = false;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #patience: ReturnType<typeof setTimeout> | undefined;

  constructor(parts: RoamingParts) {
    this.#parts = parts;
    this.choice = new Observable(restingChoice(parts.mode));
    this.state = new Observable<WhepState>({ kind: 'idle' });
  }

  /** Begins to watch, also again after an end; ignored while running. */
  start(): void {
    if (this.choice.value.isRunning) {
      if (this.state.value.kind !== 'failed') return;
      // A way that is open and has given up begins anew only after it was closed.
      this.stop();
    }
    this.#listen();
    this.#happen({ type: 'start' });
  }

  /** From the beginning: a page that the browser kept comes back with dead connections. */
  restart(): void {
    this.stop();
    this.start();
  }

  /** Ends both ways. Idempotent. */
  stop(): void {
    this.#happen({ type: 'stop' });
    for (const off of this.#off.splice(0)) off();
    clearTimeout(this.#patience);
  }

  /** Cuts all waiting short. */
  retryNow(): void {
    this.#happen({ type: 'network' });
    const { open } = this.choice.value;
    if (open.webrtc) this.#parts.webrtc?.retryNow();
    if (open.websocket) this.#parts.websocket.retryNow();
  }

  /** What the receiver of the picture that is seen has counted. */
  counters(): Promise<PlayerCounters | null> {
    const way = this.#way(this.choice.value.shown);
    return way === null ? Promise.resolve(null) : way.counters();
  }

  /** The video element has the first picture of WebRTC's `stream`. */
  handlePictured(): void {
    if (this.#hasPicture) return;
    this.#hasPicture = true;
    this.#tellWebrtc();
  }

  #listen(): void {
    if (this.#off.length > 0) return;
    const { webrtc, websocket, port } = this.#parts;
    const tellViewers = () => this.#tellSession();
    this.#off.push(
      websocket.state.subscribe(() => this.#tellWebsocket()),
      websocket.webrtc.subscribe(() => this.#tellOffered()),
      port.onWindowEvent('online', () => this.#happen({ type: 'network' })),
      port.onConnectionChange(() => this.#happen({ type: 'network' })),
      ...[webrtc, websocket].flatMap((way) =>
        way === null
          ? []
          : [way.session.subscribe(tellViewers), way.viewers.subscribe(tellViewers)],
      ),
    );
    if (webrtc === null) return;
    this.#off.push(
      webrtc.state.subscribe(() => this.#tellWebrtc()),
      webrtc.isStuck.subscribe(() => this.#tellWebrtc()),
      webrtc.stream.subscribe(() => {
        this.#hasPicture = false;
        this.#tellWebrtc();
      }),
    );
  }

  #tellWebrtc(): void {
    const { webrtc } = this.#parts;
    if (webrtc === null) return;
    const state = webrtc.state.value;
    clearTimeout(this.#patience);
    if (state.kind === 'live' && !this.#hasPicture) {
      this.#patience = setTimeout(() => this.handlePictured(), PICTURE_PATIENCE_MS);
    }
    const signs = { hasPicture: this.#hasPicture, isStuck: webrtc.isStuck.value };
    this.#tell('webrtc', newsOfWhep(state, signs));
  }

  #tellWebsocket(): void {
    this.#tell('websocket', newsOfStripes(this.#parts.websocket.state.value));
    this.#tellOffered();
  }

  #tellOffered(): void {
    this.#happen({ type: 'offered', webrtc: this.#parts.websocket.webrtc.value });
  }

  #tell(way: Way, news: WayNews): void {
    this.#happen({ type: 'news', way, news });
  }

  /** What ways say while they are opened and closed comes after. */
  #happen(event: WayEvent): void {
    this.#events.push(event);
    if (this.#isHandling) return;
    this.#isHandling = true;
    for (let next = this.#events.shift(); next !== undefined; next = this.#events.shift()) {
      this.#take(next);
    }
    this.#isHandling = false;
  }

  #take(event: WayEvent): void {
    const { now = () => performance.now() } = this.#parts;
    const before = this.choice.value;
    const nowMs = now();
    const next = choose(before, event, nowMs);
    for (const way of ['webrtc', 'websocket'] as const) {
      if (next.open[way] && !before.open[way]) this.#open(way);
    }
    this.choice.set(next);
    for (const way of ['webrtc', 'websocket'] as const) {
      if (!next.open[way] && before.open[way]) this.#way(way)?.stop();
    }
    clearTimeout(this.#timer);
    const { wakeAtMs } = next;
    if (wakeAtMs !== null) {
      this.#timer = setTimeout(() => this.#happen({ type: 'time' }), wakeAtMs - nowMs);
    }
    this.#tellSession();
    this.#tellState();
  }

  #open(way: Way): void {
    const opened = this.#way(way);
    if (opened === null) this.#tell(way, { kind: 'broken', because: 'missing' });
    else opened.start();
  }

  #tellState(): void {
    const { webrtc, websocket } = this.#parts;
    this.state.set(
      roamingState(this.choice.value, {
        webrtc: webrtc?.state.value ?? { kind: 'connecting' },
        websocket: websocket.state.value,
      }),
    );
  }

  #tellSession(): void {
    const { shown } = this.choice.value;
    const seen = this.#way(shown);
    this.session.set(seen?.session.value ?? null);
    this.viewers.set(seen?.viewers.value ?? null);
  }

  #way(way: Way | null): MediaWay | null {
    if (way === null) return null;
    return way === 'webrtc' ? this.#parts.webrtc : this.#parts.websocket;
  }
}
