import { PUBLISH_MEDIA_PROTOCOL } from '../../../gateway/protocol/media/media-protocol.ts';
import type {
  MediaPublisherEvent,
  MediaPublisherMessage,
} from '../../../gateway/protocol/media/media-messages.ts';
import { TOKEN_PROTOCOL_PREFIX } from '../../../gateway/protocol/viewer-protocol.ts';
import { dropSocket } from '../drop-socket.ts';
import { localProblem } from '../problem.ts';
import type { SessionProblem } from '../problem.ts';
import { reconnectDelayMs } from '../reconnect-policy.ts';
import type { KeeperState } from '../session-keeper.ts';
import { SilenceWatch } from '../silence-watch.ts';
import { problemOfPublishClose } from './publish-closing.ts';
import { readPublishEvent } from './publish-event.ts';
import { tokenNow } from '../token-source.ts';
import type { TokenSource } from '../token-source.ts';

/** What a publish socket needs of the rest. */
export interface PublishSocketParts {
  /** Absolute `ws:` or `wss:` URL of the source's media socket. */
  readonly url: string;
  readonly token: TokenSource;
  readonly openWebSocket: (url: string, protocols: readonly string[]) => WebSocket;
  /** 0 up to but not including 1. */
  readonly random: () => number;
  readonly nowMs: () => number;
  readonly onState: (state: KeeperState) => void;
  readonly onEvent: (event: MediaPublisherEvent) => void;
}

/** `WebSocket.OPEN`, which tests have not. */
const OPEN = 1;
/** A connection must last so long before the back-off starts from the beginning. */
const SETTLED_MS = 10_000;
const WELCOME_MS = 10_000;
const LOST = 4408;

/** A publisher's WebSocket to the gateway, kept up from `open` to `close`. */
export class PublishSocket {
  readonly #parts: PublishSocketParts;
  readonly #silence = new SilenceWatch(() =>
    this.#lose(localProblem('connection-lost', 'The gateway is silent.')),
  );
  #socket: WebSocket | null = null;
  #state: KeeperState = { kind: 'idle' };
  #timer: ReturnType<typeof setTimeout> | undefined;
  #attempt = 0;
  #wasLive = false;

  constructor(parts: PublishSocketParts) {
    this.#parts = parts;
  }

  /** Bytes that wait here for the network. */
  get bufferedBytes(): number {
    return this.#socket?.bufferedAmount ?? 0;
  }

  /** Connects and stays connected; ignored while running. */
  open(): void {
    if (this.#isRunning()) return;
    this.#attempt = 0;
    this.#wasLive = false;
    this.#become({ kind: 'connecting' });
    this.#connect();
  }

  /** Whether a message was handed to the network. */
  send(message: Uint8Array<ArrayBuffer> | MediaPublisherMessage): boolean {
    if (this.#state.kind !== 'live' || this.#socket?.readyState !== OPEN) return false;
    this.#socket.send(message instanceof Uint8Array ? message : JSON.stringify(message));
    return true;
  }

  /** Cuts a back-off short; ignored when nothing waits. */
  retryNow(): void {
    if (this.#state.kind !== 'reconnecting' || this.#state.retryAtMs === null) return;
    this.#retry(this.#state.problem);
  }

  /** The network is another: what was connected may be dead without anybody noticing. */
  startAfresh(): void {
    if (!this.#isRunning()) return;
    if (this.#state.kind === 'reconnecting') this.retryNow();
    else this.#lose(localProblem('connection-lost', 'The network changed.'));
  }

  /** Says goodbye. Idempotent. */
  close(): void {
    if (!this.#isRunning()) return;
    this.#leave(1000);
    this.#become({ kind: 'stopped' });
  }

  #connect(): void {
    const { url, token, openWebSocket } = this.#parts;
    let socket: WebSocket;
    try {
      socket = openWebSocket(url, [
        PUBLISH_MEDIA_PROTOCOL,
        TOKEN_PROTOCOL_PREFIX + tokenNow(token),
      ]);
    } catch (cause) {
      // A token that fits in no header.
      this.#fail(localProblem('token-invalid', String(cause)));
      return;
    }
    this.#socket = socket;
    socket.onmessage = ({ data }: MessageEvent<unknown>) => this.#hear(data);
    socket.onclose = ({ code, reason }) => this.#handleClose(code, reason);
    this.#timer = setTimeout(
      () => this.#lose(localProblem('network', 'The gateway says nothing.')),
      WELCOME_MS,
    );
  }

  #hear(data: unknown): void {
    const event = readPublishEvent(data);
    this.#silence.hear();
    if (event === null) return;
    if (event.type === 'media/welcome') {
      clearTimeout(this.#timer);
      this.#silence.start();
      this.#wasLive = true;
      this.#become({ kind: 'live', sinceMs: this.#parts.nowMs() });
    }
    this.#parts.onEvent(event);
  }

  #handleClose(code: number, reason: string): void {
    const wasWelcome = this.#state.kind === 'live';
    this.#handleLost(problemOfPublishClose({ code, reason }, { wasWelcome }));
  }

  #lose(problem: SessionProblem): void {
    this.#leave(LOST);
    this.#handleLost(problem);
  }

  #handleLost(problem: SessionProblem): void {
    this.#leave(LOST);
    const before = this.#state;
    if (before.kind === 'live' && this.#parts.nowMs() - before.sinceMs >= SETTLED_MS) {
      this.#attempt = 0;
    }
    const delayMs = reconnectDelayMs({
      ...{ side: 'publish', problem, attempt: this.#attempt, wasLive: this.#wasLive },
      random: this.#parts.random(),
    });
    if (delayMs === null) {
      this.#fail(problem);
      return;
    }
    const attempt = this.#attempt++;
    const retryAtMs = this.#parts.nowMs() + delayMs;
    this.#timer = setTimeout(() => this.#retry(problem), delayMs);
    this.#become({ kind: 'reconnecting', problem, attempt, retryAtMs });
  }

  #retry(problem: SessionProblem): void {
    clearTimeout(this.#timer);
    this.#become({ kind: 'reconnecting', problem, attempt: this.#attempt, retryAtMs: null });
    this.#connect();
  }

  #fail(problem: SessionProblem): void {
    this.#leave(LOST);
    this.#become({ kind: 'failed', problem });
  }

  #leave(code: number): void {
    clearTimeout(this.#timer);
    this.#silence.stop();
    dropSocket(this.#socket, code);
    this.#socket = null;
  }

  #become(state: KeeperState): void {
    this.#state = state;
    this.#parts.onState(state);
  }

  #isRunning(): boolean {
    const { kind } = this.#state;
    return kind === 'connecting' || kind === 'live' || kind === 'reconnecting';
  }
}
