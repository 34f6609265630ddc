import { FINAL_CLOSE_CODES } from '../../../gateway/protocol/close-codes.ts';
import type { PeerRole } from '../../../gateway/protocol/signal/peer.ts';
import type { SignalEvent } from '../../../gateway/protocol/signal/signal-events.ts';
import type { SignalMessageInput } from '../../../gateway/protocol/signal/signal-messages.ts';
import {
  SIGNAL_BACKOFF_MS,
  SIGNAL_PROTOCOL,
  SIGNAL_SILENT_MS,
} from '../../../gateway/protocol/signal/signal-protocol.ts';
import { TOKEN_PROTOCOL_PREFIX } from '../../../gateway/protocol/viewer-protocol.ts';
import { backOffMs } from '../back-off.ts';
import type { BrowserPort } from '../browser-port.ts';
import { dropSocket } from '../drop-socket.ts';
import { Observable } from '../observable.ts';
import { localProblem } from '../problem.ts';
import type { SessionProblem } from '../problem.ts';
import type { KeeperState } from '../session-keeper.ts';
import { problemOfClose } from '../stripes/media-closing.ts';
import { readSignalEvent } from './signal-event.ts';
import { tokenNow } from '../token-source.ts';
import type { TokenSource } from '../token-source.ts';

/** What a signalling client needs of a browser. */
export type SignalPort = Pick<
  BrowserPort,
  'openWebSocket' | 'random' | 'onWindowEvent' | 'onConnectionChange'
>;

/** As what to register, and where. */
export interface SignalClientOptions {
  /** Absolute `ws:` or `wss:` URL of `/ws/signal`. */
  readonly url: string;
  readonly token: TokenSource;
  readonly room: string;
  readonly source: string;
  readonly role: PeerRole;
}

/** A message as it is written: names are branded only where they are checked. */
export type SignalText = Unbranded<SignalMessageInput>;
type Unbranded<T> = T extends string
  ? string
  : T extends object
    ? { [K in keyof T]: Unbranded<T[K]> }
    : T;

const PING_MS = 4_000;
/** After the network changed, an answer comes within this, or the connection is dead. */
const PROOF_MS = 2_000;
/** 1000 is a goodbye; who comes again says another. */
const COMES_AGAIN = 4408;
/** `WebSocket.OPEN`, which tests have not. */
const OPEN = 1;
/** A message that breaks the protocol or is too large would be so again. */
const PROTOCOL_CODES: ReadonlySet<number> = new Set([1008, 1009]);

/**
 * The connection of a direct session's peer to the gateway: registers, says and hears, and comes
 * back as the same peer when it was lost. What was negotiated goes on meanwhile.
 */
export class SignalClient {
  /** `live`: registered. */
  readonly state = new Observable<KeeperState>({ kind: 'idle' });
  readonly #port: SignalPort;
  readonly #options: SignalClientOptions;
  readonly #listeners = new Set<(event: SignalEvent) => void>();
  #socket: WebSocket | null = null;
  #resume: string | null = null;
  #attempt = 0;
  #heardAtMs = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #proof: ReturnType<typeof setTimeout> | undefined;
  #pinger: ReturnType<typeof setInterval> | undefined;
  #offWindow: readonly (() => void)[] = [];

  constructor(port: SignalPort, options: SignalClientOptions) {
    this.#port = port;
    this.#options = options;
  }

  /** Registers and stays so, also again after an end; ignored while running. */
  start(): void {
    if (this.#isRunning()) return;
    this.#attempt = 0;
    this.#resume = null;
    this.#offWindow = [
      this.#port.onWindowEvent('pagehide', () => this.stop()),
      this.#port.onWindowEvent('online', () => this.#startAfresh()),
      this.#port.onConnectionChange(() => this.#prove()),
    ];
    this.state.set({ kind: 'connecting' });
    this.#connect();
  }

  /** Says goodbye. Idempotent. */
  stop(): void {
    if (!this.#isRunning()) return;
    this.send({ type: 'bye' });
    this.#end({ kind: 'stopped' });
  }

  /** Cuts a back-off short. */
  retryNow(): void {
    if (this.state.value.kind === 'reconnecting' && this.#socket === null) this.#connect();
  }

  /** Whether a message was handed to the network. */
  send(message: SignalText): boolean {
    if (this.#socket?.readyState !== OPEN) return false;
    this.#socket.send(JSON.stringify(message));
    return true;
  }

  /** Calls `listener` with each event until the returned function is called. */
  onEvent(listener: (event: SignalEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #connect(): void {
    clearTimeout(this.#timer);
    const { url, token } = this.#options;
    let socket: WebSocket;
    try {
      socket = this.#port.openWebSocket(url, [
        SIGNAL_PROTOCOL,
        TOKEN_PROTOCOL_PREFIX + tokenNow(token),
      ]);
    } catch {
      // A token that fits in no header.
      this.#end({ kind: 'failed', problem: localProblem('token-invalid') });
      return;
    }
    this.#socket = socket;
    socket.onopen = () => this.#handleOpen();
    socket.onmessage = ({ data }: MessageEvent<unknown>) => this.#hear(data);
    socket.onclose = (event) => this.#handleClose(event);
  }

  #handleOpen(): void {
    this.#heardAtMs = Date.now();
    this.#register();
    clearInterval(this.#pinger);
    this.#pinger = setInterval(() => this.#ping(), PING_MS);
  }

  #register(): void {
    const { room, role, source } = this.#options;
    const resume = this.#resume === null ? {} : { resume: this.#resume };
    this.send({ type: 'register', room, role, source, ...resume });
  }

  #ping(): void {
    if (Date.now() - this.#heardAtMs > SIGNAL_SILENT_MS) this.#lose(localProblem('network'));
    else this.send({ type: 'ping', at: Date.now() });
  }

  /** Browsers tell of a new estimate too, which is no reason to come anew. */
  #prove(): void {
    const socket = this.#socket;
    const askedAtMs = Date.now();
    if (!this.send({ type: 'ping', at: askedAtMs })) return;
    clearTimeout(this.#proof);
    this.#proof = setTimeout(() => {
      if (this.#socket === socket && this.#heardAtMs < askedAtMs) this.#startAfresh();
    }, PROOF_MS);
  }

  #hear(data: unknown): void {
    this.#heardAtMs = Date.now();
    const event = readSignalEvent(data);
    if (event === null) return;
    if (event.type === 'registered') {
      this.#attempt = 0;
      this.#resume = event.resume;
      this.state.set({ kind: 'live', sinceMs: Date.now() });
    }
    if (event.type === 'error') this.#handleError(event.code, event.message);
    for (const listener of [...this.#listeners]) listener(event);
  }

  #handleError(code: string, detail: string): void {
    if (code === 'taken') {
      const problem = localProblem('source-busy', detail);
      // Our own place may still be held by a connection that was lost.
      if (this.#resume === null) this.#end({ kind: 'failed', problem });
      else this.#lose(problem);
    } else if (code === 'capacity') this.#lose(localProblem('capacity', detail));
  }

  #handleClose({ code, reason }: CloseEvent): void {
    const wasWelcome = this.#resume !== null;
    const problem = problemOfClose({ code, reason }, { wasWelcome });
    if (FINAL_CLOSE_CODES.has(code) || PROTOCOL_CODES.has(code)) {
      this.#end({ kind: 'failed', problem });
    } else this.#lose(problem);
  }

  #lose(problem: SessionProblem): void {
    this.#leave(COMES_AGAIN);
    const delayMs = backOffMs(SIGNAL_BACKOFF_MS, this.#attempt, this.#port.random());
    const attempt = this.#attempt++;
    this.state.set({ kind: 'reconnecting', problem, attempt, retryAtMs: Date.now() + delayMs });
    this.#timer = setTimeout(() => this.#connect(), delayMs);
  }

  /** A connection from before may be dead without anybody noticing. */
  #startAfresh(): void {
    this.#leave(COMES_AGAIN);
    this.#attempt = 0;
    this.state.set({
      ...{ kind: 'reconnecting', problem: localProblem('network') },
      ...{ attempt: 0, retryAtMs: null },
    });
    this.#connect();
  }

  #end(state: KeeperState): void {
    this.#leave(1000);
    for (const off of this.#offWindow) off();
    this.#offWindow = [];
    this.state.set(state);
  }

  #leave(code: number): void {
    clearTimeout(this.#timer);
    clearTimeout(this.#proof);
    clearInterval(this.#pinger);
    dropSocket(this.#socket, code);
    this.#socket = null;
  }

  #isRunning(): boolean {
    const { kind } = this.state.value;
    return kind === 'connecting' || kind === 'live' || kind === 'reconnecting';
  }
}
