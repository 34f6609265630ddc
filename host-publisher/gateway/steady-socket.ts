import { setTimeout as delay } from 'node:timers/promises';
import { WebSocket } from 'ws';
import { CLOSE_CODES, FINAL_CLOSE_CODES } from '../../gateway/protocol/close-codes.ts';
import { HostError, toHostError } from '../host-error.ts';
import { dial } from './dial.ts';
import { Redials } from './redials.ts';

/** The gateway pings every 5 s. */
export const SILENCE_MS = 12_000;
const CLOSE_MS = 1_000;
/** Another gateway waits. */
const MOVED_MS = 150;
/** How often a token that was refused is compared with the one there is now. */
const TOKEN_CHECK_MS = 5_000;

export interface SteadySocketOptions {
  readonly url: string;
  readonly protocol: string;
  /** What it is called in sentences: "host socket". */
  readonly name: string;
  readonly maxMessageBytes: number;
  /** The token for one connection, so that it may be renewed. */
  readonly token: () => string;
  readonly onOpen: () => void;
  /** A text message; null: a binary one. */
  readonly onMessage: (text: string | null) => void;
  readonly onPong?: (payload: Buffer) => void;
  /** What was open has ended. */
  readonly onClosed?: () => void;
  /** It was lost, or nobody answers; it is tried again. */
  readonly onLost: (error: HostError) => void;
  /**
   * Coming again helps nothing while the token is the same: `refused` (the token is not good),
   * `not-an-endpoint` (no such socket for this token), `busy` (another was first), `ended`
   * (the gateway closed it for good).
   */
  readonly onBarred: (error: HostError) => void;
  readonly say: (line: string) => void;
}

/** A WebSocket to the gateway, dialled again after every loss until it is closed. */
export class SteadySocket {
  readonly #options: SteadySocketOptions;
  readonly #closing = new AbortController();
  readonly #redials = new Redials();
  #socket: WebSocket | null = null;
  #life: Promise<void> | null = null;
  #wasWelcome = false;
  #isReplaced = false;
  #said = '';

  constructor(options: SteadySocketOptions) {
    this.#options = options;
  }

  /** Dials; a second call does nothing. */
  open(): void {
    this.#life ??= this.#live();
  }

  /** The open connection; null: there is none. */
  get connection(): WebSocket | null {
    return this.#socket?.readyState === WebSocket.OPEN ? this.#socket : null;
  }

  /** The gateway took it: whoever is `busy` from now on came later. */
  welcome(): void {
    this.#wasWelcome = true;
    if (this.#said !== '') this.#options.say('The gateway is there again.');
    this.#said = '';
  }

  /** A line that is not said twice in a row. */
  sayOnce(line: string): void {
    if (this.#said === line) return;
    this.#said = line;
    this.#options.say(line);
  }

  /** Says goodbye and comes no more. */
  async close(): Promise<void> {
    this.#closing.abort();
    const socket = this.#socket;
    socket?.close(1000, 'The host stops.');
    const timer = setTimeout(() => socket?.terminate(), CLOSE_MS);
    await this.#life;
    clearTimeout(timer);
  }

  async #live(): Promise<void> {
    const { signal } = this.#closing;
    while (!signal.aborted) {
      let used = '';
      try {
        used = this.#options.token();
        await this.#connect(used, signal);
      } catch (error) {
        if (this.#isClosing) return;
        const failure = toHostError(error, 'gateway');
        if (this.#isFinal(failure, used)) {
          this.#options.onBarred(failure);
          await this.#renewal(used, signal);
        } else await this.#pause(failure, signal);
      }
    }
  }

  get #isClosing(): boolean {
    return this.#closing.signal.aborted;
  }

  /** Fails once the connection has ended, or did not come about. */
  async #connect(token: string, signal: AbortSignal): Promise<never> {
    const { url, protocol, name, maxMessageBytes, onOpen, onClosed, onMessage, onPong } =
      this.#options;
    const ended = Promise.withResolvers<never>();
    ended.promise.catch(() => undefined);
    const silence = setTimeout(() => this.#socket?.terminate(), SILENCE_MS);
    const listen = (dialled: WebSocket): void => {
      dialled.on('ping', () => silence.refresh());
      dialled.on('pong', (payload) => {
        silence.refresh();
        onPong?.(payload);
      });
      dialled.on('message', (data: Buffer, isBinary) => {
        silence.refresh();
        onMessage(isBinary ? null : data.toString());
      });
      dialled.on('close', (code, reason) => {
        this.#isReplaced = code === CLOSE_CODES.replaced;
        ended.reject(endingOf(name, code, reason.toString()));
      });
    };
    let openedAtMs = Number.POSITIVE_INFINITY;
    try {
      const socket = await dial({ url, protocol, name, token, maxMessageBytes, signal, listen });
      openedAtMs = performance.now();
      silence.refresh();
      this.#socket = socket;
      if (this.#isClosing) socket.close(1000);
      else onOpen();
      return await ended.promise;
    } finally {
      clearTimeout(silence);
      const wasOpen = this.#socket !== null;
      this.#socket = null;
      if (wasOpen) onClosed?.();
      this.#redials.ended(performance.now() - openedAtMs);
    }
  }

  /** A token that was renewed meanwhile is worth another attempt, unless another came. */
  #isFinal({ code }: HostError, usedToken: string): boolean {
    if (code === 'busy') return !this.#wasWelcome;
    if (code === 'not-an-endpoint' || this.#isReplaced) return true;
    return (code === 'refused' || code === 'ended') && this.#tokenNow(usedToken) === usedToken;
  }

  async #pause(failure: HostError, signal: AbortSignal): Promise<void> {
    const waitMs = this.#redials.waitMs(failure.retryAfterMs);
    this.#options.onLost(failure);
    this.sayOnce(`${failure.message} It is tried again.`);
    await delay(waitMs, undefined, { signal }).catch(() => undefined);
  }

  /** Another token than the refused one may open it again; who was replaced leaves it at that. */
  async #renewal(used: string, signal: AbortSignal): Promise<void> {
    const refused = this.#tokenNow(used);
    while (!signal.aborted && (this.#isReplaced || this.#tokenNow(refused) === refused)) {
      await delay(TOKEN_CHECK_MS, undefined, { signal }).catch(() => undefined);
    }
  }

  #tokenNow(used: string): string {
    try {
      return this.#options.token();
    } catch {
      return used;
    }
  }
}

function endingOf(name: string, code: number, reason: string): HostError {
  const words = reason === '' ? `code ${code}` : reason;
  if (FINAL_CLOSE_CODES.has(code)) {
    return new HostError('ended', `The gateway closed the ${name}: ${words}`);
  }
  const retryAfterMs = code === CLOSE_CODES.moved ? MOVED_MS : 0;
  return new HostError('gateway', `The ${name} was lost (${words}).`, { retryAfterMs });
}
