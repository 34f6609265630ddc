import { FINAL_CLOSE_CODES } from '../../gateway/protocol/close-codes.ts';
import type { CursorPosition, CursorShape } from '../../gateway/protocol/cursor.ts';
import { TOKEN_PROTOCOL_PREFIX, VIEWER_PROTOCOL } from '../../gateway/protocol/viewer-protocol.ts';
import type { PlayerReport, ViewerEvent, ViewerMessage } from '../../gateway/protocol/viewer.ts';
import type { BrowserPort } from './browser-port.ts';
import { Observable } from './observable.ts';
import { readViewerEvent } from './viewer-event.ts';

/**
 * What the gateway tells of a source's host; `status` null: no host serves it now. `kind` is that of
 * the last one that did, empty where none was seen.
 */
export type HostNews = Omit<Extract<ViewerEvent, { type: 'host/status' }>, 'type'>;

/** Which source is watched, and with what right. */
export interface ViewerSocketOptions {
  /** Absolute `ws:` or `wss:` URL of the room's viewer socket. */
  readonly url: string;
  readonly token: string;
  readonly source: string;
}

const FIRST_BACKOFF_MS = 1_000;
const LONGEST_BACKOFF_MS = 30_000;
/** An older gateway, or a proxy that lets no WebSocket through. */
const TRIES_UNHEARD = 3;
/** A message that breaks the protocol or is too large would be so again. */
const PROTOCOL_CODES: ReadonlySet<number> = new Set([1008, 1009]);
/** `WebSocket.OPEN`, which tests have not. */
const OPEN = 1;

/**
 * A viewer's WebSocket to the gateway: it tells what is watched and how it arrives, and hears of the
 * source's host and cursor. All of it is a convenience: without one, nothing is told.
 */
export class ViewerSocket {
  /** Null while nobody tells. */
  readonly host = new Observable<HostNews | null>(null);
  readonly cursorShape = new Observable<CursorShape | null>(null);
  readonly cursorPosition = new Observable<CursorPosition | null>(null);
  readonly #port: BrowserPort;
  readonly #options: ViewerSocketOptions;
  #state: 'closed' | 'running' | 'given-up' = 'closed';
  #socket: WebSocket | null = null;
  #session: string | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #attempt = 0;
  #wasHeard = false;
  #kind = '';
  #offOnline: () => void = () => undefined;

  constructor(port: BrowserPort, options: ViewerSocketOptions) {
    this.#port = port;
    this.#options = options;
  }

  /** Connects and stays connected; ignored while running, or where it cannot work. */
  open(): void {
    if (this.#state !== 'closed') return;
    this.#state = 'running';
    this.#offOnline = this.#port.onWindowEvent('online', () => this.#startAfresh());
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
    if (this.#isOpen()) this.#send({ type: 'viewer/report', report });
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
      socket = this.#port.openWebSocket(url, [VIEWER_PROTOCOL, TOKEN_PROTOCOL_PREFIX + token]);
    } catch {
      // A token that fits in no header.
      this.#end('given-up');
      return;
    }
    this.#socket = socket;
    socket.onopen = () => this.#sendWatching();
    socket.onmessage = ({ data }: MessageEvent<unknown>) => this.#hear(data);
    socket.onclose = ({ code }) => this.#handleClose(code);
  }

  #hear(data: unknown): void {
    this.#attempt = 0;
    this.#wasHeard = true;
    const event = readViewerEvent(data);
    switch (event?.type) {
      case 'host/status':
        if (event.kind !== '') this.#kind = event.kind;
        if (event.status === null) this.cursorPosition.set(null);
        this.host.set({ status: event.status, kind: this.#kind });
        return;
      case 'cursor/shape':
        this.cursorShape.set(event);
        return;
      case 'cursor/position':
        this.cursorPosition.set(event);
        return;
      default:
        return;
    }
  }

  #handleClose(code: number): void {
    this.#forget();
    this.#attempt += 1;
    const isUnheard = !this.#wasHeard && this.#attempt >= TRIES_UNHEARD;
    if (FINAL_CLOSE_CODES.has(code) || PROTOCOL_CODES.has(code) || isUnheard) {
      this.#end('given-up');
      return;
    }
    const backoffMs = Math.min(LONGEST_BACKOFF_MS, FIRST_BACKOFF_MS * 2 ** (this.#attempt - 1));
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
    this.#leave();
    this.#attempt = 0;
    this.#connect();
  }

  #sendWatching(): void {
    const { source } = this.#options;
    this.#send({ type: 'viewer/watching', source, session: this.#session });
  }

  #send(message: ViewerText): void {
    this.#socket?.send(JSON.stringify(message));
  }

  #isOpen(): boolean {
    return this.#socket?.readyState === OPEN;
  }

  #end(state: 'closed' | 'given-up'): void {
    this.#state = state;
    this.#offOnline();
    this.#offOnline = () => undefined;
    this.#leave();
  }

  #leave(): void {
    clearTimeout(this.#timer);
    const socket = this.#socket;
    if (socket !== null) {
      socket.onopen = null;
      socket.onmessage = null;
      socket.onclose = null;
      socket.close(1000);
    }
    this.#forget();
  }

  #forget(): void {
    this.#socket = null;
    this.host.set(null);
    this.cursorShape.set(null);
    this.cursorPosition.set(null);
  }
}

/** A message as it is written: names are branded only where they are checked. */
type ViewerText =
  | { readonly type: 'viewer/watching'; readonly source: string; readonly session: string | null }
  | Extract<ViewerMessage, { type: 'viewer/report' }>;
