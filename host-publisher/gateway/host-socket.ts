import { setTimeout as delay } from 'node:timers/promises';
import { WebSocket } from 'ws';
import { CLOSE_CODES, FINAL_CLOSE_CODES } from '../../gateway/protocol/close-codes.ts';
import { HOST_PROTOCOL, type HostCommand, type HostMessage } from '../../gateway/protocol/host.ts';
import { HostError, toHostError } from '../host-error.ts';
import { backOffMs } from '../supervision/back-off.ts';
import { dial } from './dial.ts';
import { readCommand } from './host-command.ts';

/** The gateway pings every 5 s. */
export const SILENCE_MS = 12_000;
/** What lasted so long is dialled again at once after its loss. */
const STEADY_MS = 5_000;
const CLOSE_MS = 1_000;
/** How often a token that was refused is compared with the one there is now. */
const TOKEN_CHECK_MS = 5_000;
const MAX_MESSAGE_BYTES = 96 * 1024;
/** More waits to be sent: figures and cursors are worth nothing by then. */
const QUEUE_BYTES = 64 * 1024;

export interface HostSocketOptions {
  readonly url: string;
  /** The token for one connection, so that it may be renewed. */
  readonly token: () => string;
  /** The first message of each connection. */
  readonly hello: () => HostMessage;
  readonly onCommand: (command: HostCommand) => void;
  /** It was lost, or nobody answers; it is tried again. */
  readonly onLost: (error: HostError) => void;
  /**
   * Coming again helps nothing while the token is the same: `refused` (the token is not good),
   * `not-an-endpoint` (no host socket for this token), `busy` (another host was first), `ended`
   * (the gateway closed it for good).
   */
  readonly onBarred: (error: HostError) => void;
  readonly say: (line: string) => void;
}

/** The WebSocket to the gateway, dialled again after every loss until it is closed. */
export class HostSocket {
  readonly #options: HostSocketOptions;
  readonly #closing = new AbortController();
  #socket: WebSocket | null = null;
  #life: Promise<void> | null = null;
  #wasWelcome = false;
  #isReplaced = false;
  #failures = 0;
  #said = '';

  constructor(options: HostSocketOptions) {
    this.#options = options;
  }

  /** Dials; a second call does nothing. */
  open(): void {
    this.#life ??= this.#live();
  }

  /** Hands over a message; false when nobody is there or reads too slowly. */
  send(message: HostMessage): boolean {
    const socket = this.#socket;
    if (socket?.readyState !== WebSocket.OPEN || socket.bufferedAmount > QUEUE_BYTES) return false;
    socket.send(JSON.stringify(message));
    return true;
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
    const ended = Promise.withResolvers<never>();
    ended.promise.catch(() => undefined);
    const silence = setTimeout(() => this.#socket?.terminate(), SILENCE_MS);
    const listen = (dialled: WebSocket): void => {
      dialled.on('ping', () => silence.refresh());
      dialled.on('message', (data: Buffer, isBinary) => {
        silence.refresh();
        this.#take(isBinary ? null : data.toString());
      });
      dialled.on('close', (code, reason) => {
        this.#isReplaced = code === CLOSE_CODES.replaced;
        ended.reject(endingOf(code, reason.toString()));
      });
    };
    const { url, hello } = this.#options;
    const maxMessageBytes = MAX_MESSAGE_BYTES;
    let openedAtMs = Number.POSITIVE_INFINITY;
    try {
      const protocol = HOST_PROTOCOL;
      const socket = await dial({ url, protocol, token, maxMessageBytes, signal, listen });
      openedAtMs = performance.now();
      silence.refresh();
      this.#socket = socket;
      if (this.#isClosing) socket.close(1000);
      else this.send(hello());
      return await ended.promise;
    } finally {
      clearTimeout(silence);
      this.#socket = null;
      if (performance.now() - openedAtMs > STEADY_MS) this.#failures = 0;
    }
  }

  #take(text: string | null): void {
    const read = readCommand(text);
    if ('command' in read) {
      const { command } = read;
      if (command.type === 'host/welcome') {
        this.#wasWelcome = true;
        if (this.#said !== '') this.#options.say('The gateway is there again.');
        this.#said = '';
      }
      this.#options.onCommand(command);
      return;
    }
    if (read.id !== null) {
      this.send({ type: 'host/result', id: read.id, ok: false, detail: read.problem });
    }
    this.#sayOnce(`A message of the gateway is not understood: ${read.problem}`);
  }

  /** A token that was renewed meanwhile is worth another attempt, unless another host came. */
  #isFinal({ code }: HostError, usedToken: string): boolean {
    if (code === 'busy') return !this.#wasWelcome;
    if (code === 'not-an-endpoint' || this.#isReplaced) return true;
    return (code === 'refused' || code === 'ended') && this.#tokenNow(usedToken) === usedToken;
  }

  async #pause(failure: HostError, signal: AbortSignal): Promise<void> {
    this.#failures += 1;
    const waitMs = Math.max(backOffMs(this.#failures), failure.retryAfterMs);
    this.#options.onLost(failure);
    this.#sayOnce(`${failure.message} It is tried again.`);
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

  #sayOnce(line: string): void {
    if (this.#said === line) return;
    this.#said = line;
    this.#options.say(line);
  }
}

function endingOf(code: number, reason: string): HostError {
  const words = reason === '' ? `code ${code}` : reason;
  if (FINAL_CLOSE_CODES.has(code)) {
    return new HostError('ended', `The gateway closed the host socket: ${words}`);
  }
  return new HostError('gateway', `The host socket was lost (${words}).`);
}
