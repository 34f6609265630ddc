import { writePainted } from '../../../gateway/protocol/media/painted.ts';
import type {
  MediaWatcherEvent,
  MediaWatcherMessage,
} from '../../../gateway/protocol/media/media-messages.ts';
import { WATCH_MEDIA_PROTOCOL } from '../../../gateway/protocol/media/media-protocol.ts';
import { TOKEN_PROTOCOL_PREFIX } from '../../../gateway/protocol/viewer-protocol.ts';
import { dropSocket } from '../drop-socket.ts';
import { Observable } from '../observable.ts';
import { localProblem } from '../problem.ts';
import type { NotWorking, SessionProblem } from '../problem.ts';
import { reconnectDelayMs } from '../reconnect-policy.ts';
import { SilenceWatch } from '../silence-watch.ts';
import type { EnginePort } from './engine-port.ts';
import { problemOfClose } from './media-closing.ts';
import { readMediaWatcherEvent } from './media-watcher-event.ts';
import { tokenNow } from '../token-source.ts';
import type { TokenSource } from '../token-source.ts';

/** Where a media socket stands. `retryAtMs` since 1970; null while an attempt is under way. */
export type MediaSocketState =
  | { readonly kind: 'idle' }
  | { readonly kind: 'connecting' }
  /** The gateway has welcomed it. */
  | { readonly kind: 'open' }
  | NotWorking;

/** What a socket hands on. */
export interface MediaSocketParts {
  readonly port: EnginePort;
  readonly url: string;
  readonly token: TokenSource;
  readonly onEvent: (event: MediaWatcherEvent) => void;
  readonly onBinary: (message: Uint8Array) => void;
}

type MediaWant = Extract<MediaWatcherMessage, { type: 'media/want' }>;

/** A proxy may take a connection and never answer. */
const WELCOME_MS = 10_000;
/** A connection must last so long before the back-off starts from the beginning. */
const SETTLED_MS = 10_000;
/** `WebSocket.OPEN`, which tests have not. */
const OPEN = 1;

/** A viewer's connection to `/ws/media`: it comes again by the reconnect policy. */
export class MediaSocket {
  readonly state = new Observable<MediaSocketState>({ kind: 'idle' });
  readonly #parts: MediaSocketParts;
  readonly #silence = new SilenceWatch(() => this.#giveUp());
  #socket: WebSocket | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #attempt = 0;
  #wasOpen = false;
  #openedAtMs = 0;
  #wanted: MediaWant = { type: 'media/want', picture: true, sound: true };

  constructor(parts: MediaSocketParts) {
    this.#parts = parts;
  }

  /** Connects, also after an end; ignored while running. */
  start(): void {
    if (this.#isRunning()) return;
    this.#attempt = 0;
    this.#wasOpen = false;
    this.state.set({ kind: 'connecting' });
    this.#connect();
  }

  /** Idempotent. */
  stop(): void {
    if (this.#isRunning()) this.#end({ kind: 'stopped' });
  }

  /** Ends for a reason that only the player can see. */
  fail(problem: SessionProblem): void {
    if (this.#isRunning()) this.#end({ kind: 'failed', problem });
  }

  /** Cuts a waiting time short. */
  retryNow(): void {
    const state = this.state.value;
    if (state.kind === 'reconnecting' && state.retryAtMs !== null) this.#retry(state.problem);
  }

  /** A connection from before may be dead without anybody noticing. */
  startAfresh(): void {
    if (!this.#isRunning()) return;
    this.#attempt = 0;
    this.#leave(1000);
    if (this.#wasOpen) this.#retry(localProblem('connection-lost'));
    else this.#connect();
  }

  /** What the gateway is to send; both, until something else is said. */
  want(wanted: { readonly picture: boolean; readonly sound: boolean }): void {
    this.#wanted = { type: 'media/want', picture: wanted.picture, sound: wanted.sound };
    this.#send(JSON.stringify(this.#wanted));
  }

  askKey(): void {
    this.#send(JSON.stringify({ type: 'media/key' } satisfies MediaWatcherMessage));
  }

  sendPainted(frame: number): void {
    this.#send(writePainted(frame));
  }

  #connect(): void {
    const { port, url, token } = this.#parts;
    let socket: WebSocket;
    try {
      socket = port.openWebSocket(url, [
        WATCH_MEDIA_PROTOCOL,
        TOKEN_PROTOCOL_PREFIX + tokenNow(token),
      ]);
    } catch {
      // A token that fits in no header.
      this.#end({ kind: 'failed', problem: localProblem('token-invalid') });
      return;
    }
    this.#socket = socket;
    socket.binaryType = 'arraybuffer';
    let wasWelcome = false;
    socket.onopen = () => {
      if (!this.#wanted.picture || !this.#wanted.sound) this.want(this.#wanted);
    };
    socket.onmessage = ({ data }: MessageEvent<unknown>) => {
      this.#silence.hear();
      if (data instanceof ArrayBuffer) this.#parts.onBinary(new Uint8Array(data));
      else if (typeof data === 'string') this.#hear(data, () => (wasWelcome = true));
    };
    socket.onclose = (closing) => this.#handleLost(problemOfClose(closing, { wasWelcome }));
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#giveUp(), WELCOME_MS);
  }

  #hear(text: string, onWelcome: () => void): void {
    const event = readMediaWatcherEvent(text);
    if (event === null) return;
    if (event.type === 'media/welcome') {
      onWelcome();
      clearTimeout(this.#timer);
      this.#silence.start();
      this.#wasOpen = true;
      this.#openedAtMs = this.#parts.port.now();
      this.state.set({ kind: 'open' });
    }
    this.#parts.onEvent(event);
  }

  #giveUp(): void {
    this.#leave(1000);
    this.#handleLost(localProblem(this.#wasOpen ? 'connection-lost' : 'network'));
  }

  #handleLost(problem: SessionProblem): void {
    this.#leave(1000);
    const { port } = this.#parts;
    const wasSettled =
      this.state.value.kind === 'open' && port.now() - this.#openedAtMs >= SETTLED_MS;
    if (wasSettled) this.#attempt = 0;
    const delayMs = reconnectDelayMs({
      side: 'watch',
      problem,
      attempt: this.#attempt,
      wasLive: this.#wasOpen,
      random: port.random(),
    });
    if (delayMs === null) {
      this.#end({ kind: 'failed', problem });
      return;
    }
    this.#attempt += 1;
    this.state.set({ kind: 'reconnecting', problem, retryAtMs: Date.now() + delayMs });
    this.#timer = setTimeout(() => this.#retry(problem), delayMs);
  }

  #retry(problem: SessionProblem): void {
    this.state.set({ kind: 'reconnecting', problem, retryAtMs: null });
    this.#connect();
  }

  #send(message: string | Uint8Array): void {
    if (this.#socket?.readyState !== OPEN) return;
    this.#socket.send(typeof message === 'string' ? message : new Uint8Array(message));
  }

  #end(state: MediaSocketState): void {
    this.#leave(1000);
    this.state.set(state);
  }

  #leave(code: number): void {
    clearTimeout(this.#timer);
    this.#silence.stop();
    dropSocket(this.#socket, code);
    this.#socket = null;
  }

  #isRunning(): boolean {
    const { kind } = this.state.value;
    return kind === 'connecting' || kind === 'open' || kind === 'reconnecting';
  }
}
