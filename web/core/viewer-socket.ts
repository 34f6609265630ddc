import { CLOSE_CODES, FINAL_CLOSE_CODES } from '../../gateway/protocol/close-codes.ts';
import type { ControlState, ControlWelcome } from '../../gateway/protocol/control.ts';
import type { CursorPosition, CursorShape } from '../../gateway/protocol/cursor.ts';
import type { PlayerSteps } from '../../gateway/protocol/diary.ts';
import { TOKEN_PROTOCOL_PREFIX, VIEWER_PROTOCOL } from '../../gateway/protocol/viewer-protocol.ts';
import type { RoomRecording } from '../../gateway/protocol/room-recording.ts';
import type { PlayerReport, ViewerEvent, ViewerMessage } from '../../gateway/protocol/viewer.ts';
import type { BrowserPort } from './browser-port.ts';
import { EventListeners } from './event-listeners.ts';
import type { ViewerEventOf } from './event-listeners.ts';
import { Observable } from './observable.ts';
import { RoundTrip } from './round-trip.ts';
import { ViewerIdentity } from './viewer-identity.ts';
import { readViewerEvent } from './viewer-event.ts';
import { tokenNow } from './token-source.ts';
import type { TokenSource } from './token-source.ts';

/**
 * What the gateway tells of a source's host; `status` null: no host serves it now. `kind` is that of
 * the last one that did, empty where none was seen.
 */
export type HostNews = Omit<Extract<ViewerEvent, { type: 'host/status' }>, 'type'>;

/** Which source is watched, and with what right. */
export interface ViewerSocketOptions {
  /** Absolute `ws:` or `wss:` URL of the room's viewer socket. */
  readonly url: string;
  readonly token: TokenSource;
  readonly source: string;
}

/** Another gateway waits; half of it by chance, since all come at once. */
const SOON_MS = 200;
/** A balancer may still send it to the one that left. */
const MOVED_TRIES = 5;
/** What was heard for so long and is lost is worth one try soon: a balancer cuts the sockets of a gateway that leaves. */
const SETTLED_MS = 2_000;
const FIRST_BACKOFF_MS = 1_000;
const LONGEST_BACKOFF_MS = 30_000;
/** An older gateway, or a proxy that lets no WebSocket through. */
const TRIES_UNHEARD = 3;
/** A message that breaks the protocol or is too large would be so again. */
const PROTOCOL_CODES: ReadonlySet<number> = new Set([1008, 1009]);
/** `WebSocket.OPEN`, which tests have not. */
const OPEN = 1;
/** 1000 is a goodbye, which gives control away at once; a page that comes again says another. */
const COMES_AGAIN = 4408;
/** No goodbye was heard. */
const LOST = 1006;

/**
 * A viewer's WebSocket to the gateway: it tells what is watched and how it arrives, hears of the
 * source's host and cursor, and carries control and input. The picture needs none of it.
 */
export class ViewerSocket {
  /** Null while nobody tells. */
  readonly host = new Observable<HostNews | null>(null);
  /** Whether the room is recorded; kept while there is no connection, null before the first. */
  readonly recording = new Observable<RoomRecording | null>(null);
  readonly cursorShape = new Observable<CursorShape | null>(null);
  readonly cursorPosition = new Observable<CursorPosition | null>(null);
  /** Whom this viewer is to the others; null while there is no connection. */
  readonly welcome = new Observable<ControlWelcome | null>(null);
  /** Who controls the host; null while there is no connection. */
  readonly control = new Observable<ControlState | null>(null);
  readonly #port: BrowserPort;
  readonly #options: ViewerSocketOptions;
  readonly #identity: ViewerIdentity;
  readonly #listeners = new EventListeners();
  readonly #roundTrip = new RoundTrip((ping) => this.send(ping));
  #state: 'closed' | 'running' | 'given-up' = 'closed';
  #socket: WebSocket | null = null;
  #session: string | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #attempt = 0;
  #soonTries = 0;
  #heardAtMs = Infinity;
  #wasHeard = false;
  #kind = '';
  #offWindow: readonly (() => void)[] = [];

  constructor(port: BrowserPort, options: ViewerSocketOptions) {
    this.#port = port;
    this.#options = options;
    this.#identity = new ViewerIdentity(port, `${new URL(options.url).pathname} ${options.source}`);
  }

  /** Round trip to the gateway, ms; null while there is none. */
  get rttMs(): Observable<number | null> {
    return this.#roundTrip.rttMs;
  }

  /** Bytes that wait here for the network. */
  get bufferedBytes(): number {
    return this.#socket?.bufferedAmount ?? 0;
  }

  /** What the person chose to be called; null: after the token. */
  get name(): string | null {
    return this.#identity.name;
  }

  /** Connects and stays connected; ignored while running, or where it cannot work. */
  open(): void {
    if (this.#state !== 'closed') return;
    this.#state = 'running';
    this.#offWindow = [
      this.#port.onWindowEvent('online', () => this.#startAfresh()),
      this.#port.onWindowEvent('pagehide', () => this.#identity.leaveBehind()),
      this.#port.onWindowEvent('pageshow', () => this.#identity.takeBack()),
    ];
    this.#connect();
  }

  /** Which WHEP session (last segment of its URL) plays the source; null: none. */
  watch(session: string | null): void {
    if (session === this.#session) return;
    this.#session = session;
    if (this.#isOpen()) this.#sendWatching();
    else if (session !== null && this.#state === 'given-up' && !this.#wasHeard) this.#tryAgain();
  }

  /** Tells what the player measured; dropped while there is no connection. */
  report(report: PlayerReport): void {
    this.send({ type: 'viewer/report', report });
  }

  /** Whether a message was handed to the network; false while there is no connection. */
  send(message: ViewerText): boolean {
    if (!this.#isOpen()) return false;
    this.#socket?.send(JSON.stringify(message));
    return true;
  }

  /** Calls `listener` with each event of `type` until the returned function is called. */
  on<T extends ViewerEvent['type']>(
    type: T,
    listener: (event: ViewerEventOf<T>) => void,
  ): () => void {
    return this.#listeners.on(type, listener);
  }

  /** Tells the others another name, 1 to 40 characters, and keeps it for this origin. */
  rename(name: string | null): void {
    this.#identity.name = name;
    if (this.#isOpen()) this.#sendWatching();
  }

  /** The round trip is measured more often while the page controls. */
  setControlling(isControlling: boolean): void {
    this.#roundTrip.isControlling = isControlling;
  }

  /** Tells and hears nothing more until `open`. Idempotent. */
  close(): void {
    this.#end('closed');
    this.#session = null;
  }

  #connect(): void {
    const { url, token } = this.#options;
    let socket: WebSocket;
    try {
      socket = this.#port.openWebSocket(url, [
        VIEWER_PROTOCOL,
        TOKEN_PROTOCOL_PREFIX + tokenNow(token),
      ]);
    } catch {
      // A token that fits in no header.
      this.#end('given-up');
      return;
    }
    this.#socket = socket;
    socket.onopen = () => {
      this.#soonTries = 0;
      this.#sendWatching();
      this.#roundTrip.start();
    };
    socket.onmessage = ({ data }: MessageEvent<unknown>) => this.#hear(data);
    socket.onclose = ({ code }) => this.#handleClose(code);
  }

  #hear(data: unknown): void {
    this.#attempt = 0;
    this.#heardAtMs = Math.min(this.#heardAtMs, Date.now());
    this.#wasHeard = true;
    const event = readViewerEvent(data);
    if (event === null) return;
    this.#keep(event);
    this.#listeners.tell(event);
  }

  #keep(event: ViewerEvent): void {
    switch (event.type) {
      case 'host/status':
        if (event.kind !== '') this.#kind = event.kind;
        if (event.status === null) this.cursorPosition.set(null);
        this.host.set(newsOf(event, this.#kind));
        return;
      case 'room/recording':
        this.recording.set(event);
        return;
      case 'cursor/shape':
        this.cursorShape.set(event);
        return;
      case 'cursor/position':
        this.cursorPosition.set(event);
        return;
      case 'control/welcome':
        this.#identity.welcome(event.resume);
        this.welcome.set(event);
        return;
      case 'control/state':
        this.control.set(event);
        return;
      case 'viewer/pong':
        this.#roundTrip.handlePong(event.at);
        return;
      default:
        return;
    }
  }

  #handleClose(code: number): void {
    this.#forget();
    const isSettled = Date.now() - this.#heardAtMs >= SETTLED_MS;
    if (code === CLOSE_CODES.moved && this.#heardAtMs < Infinity) this.#soonTries = MOVED_TRIES;
    else if (code === LOST && isSettled) this.#soonTries = 1;
    this.#heardAtMs = Infinity;
    const isSoon = this.#soonTries > 0;
    if (isSoon) this.#soonTries -= 1;
    else this.#attempt += 1;
    const isUnheard = !this.#wasHeard && this.#attempt >= TRIES_UNHEARD;
    if (FINAL_CLOSE_CODES.has(code) || PROTOCOL_CODES.has(code) || isUnheard) {
      this.#end('given-up');
      return;
    }
    const backoffMs = isSoon
      ? SOON_MS
      : Math.min(LONGEST_BACKOFF_MS, FIRST_BACKOFF_MS * 2 ** (this.#attempt - 1));
    const delayMs = backoffMs / 2 + (backoffMs / 2) * this.#port.random();
    this.#timer = setTimeout(() => this.#connect(), delayMs);
  }

  #tryAgain(): void {
    this.#attempt = 0;
    this.#state = 'closed';
    this.open();
  }

  /** A connection from before may be dead without anybody noticing. */
  #startAfresh(): void {
    this.#leave(COMES_AGAIN);
    this.#attempt = 0;
    this.#connect();
  }

  #sendWatching(): void {
    const { source } = this.#options;
    const { claims } = this.#identity;
    this.send({ type: 'viewer/watching', source, session: this.#session, ...claims });
  }

  #isOpen(): boolean {
    return this.#socket?.readyState === OPEN;
  }

  #end(state: 'closed' | 'given-up'): void {
    this.#state = state;
    for (const off of this.#offWindow) off();
    this.#offWindow = [];
    this.#leave(1000);
  }

  #leave(code: number): void {
    clearTimeout(this.#timer);
    const socket = this.#socket;
    if (socket !== null) {
      socket.onopen = null;
      socket.onmessage = null;
      socket.onclose = null;
      socket.close(code);
    }
    this.#forget();
  }

  #forget(): void {
    this.#socket = null;
    this.#roundTrip.stop();
    this.welcome.set(null);
    this.control.set(null);
    this.host.set(null);
    this.cursorShape.set(null);
    this.cursorPosition.set(null);
  }
}

function newsOf({ status, offers }: ViewerEventOf<'host/status'>, kind: string): HostNews {
  return offers === undefined ? { status, kind } : { status, kind, offers };
}

/** A message as it is written: names are branded only where they are checked. */
export type ViewerText =
  | {
      readonly type: 'viewer/watching';
      readonly source: string;
      readonly session: string | null;
      readonly name?: string;
      readonly resume?: string;
    }
  | (Omit<PlayerSteps, 'session'> & { readonly session: string })
  | Exclude<ViewerMessage, { type: 'viewer/watching' | 'viewer/steps' }>;
