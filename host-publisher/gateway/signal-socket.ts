import { SignalEvent } from '../../gateway/protocol/signal/signal-events.ts';
import type { SignalMessageInput } from '../../gateway/protocol/signal/signal-messages.ts';
import { SIGNAL_PROTOCOL } from '../../gateway/protocol/signal/signal-protocol.ts';
import { SteadySocket, type SteadySocketOptions } from './steady-socket.ts';

/** Offers and lists of peers with room to spare. */
const MAX_MESSAGE_BYTES = 256 * 1024;
/** Until a source that another host has is asked for again: from the first to the last. */
const TAKEN_MS = { first: 1_000, last: 10_000 };

type Registered = Extract<SignalEvent, { type: 'registered' }>;

export interface SignalSocketOptions extends Pick<
  SteadySocketOptions,
  'url' | 'token' | 'onBarred' | 'say'
> {
  readonly room: string;
  readonly source: string;
  readonly onRegistered: (registered: Registered) => void;
  readonly onEvent: (event: Exclude<SignalEvent, Registered>) => void;
}

/** The signalling socket of a host: it registers at each connection as the one it was. */
export class SignalSocket {
  readonly #options: SignalSocketOptions;
  readonly #socket: SteadySocket;
  #resume: string | null = null;
  #again: NodeJS.Timeout | undefined;
  #takenMs = TAKEN_MS.first;

  constructor(options: SignalSocketOptions) {
    this.#options = options;
    const { url, token, onBarred, say } = options;
    this.#socket = new SteadySocket({
      ...{ url, token, onBarred, say },
      protocol: SIGNAL_PROTOCOL,
      name: 'signalling socket',
      maxMessageBytes: MAX_MESSAGE_BYTES,
      onOpen: () => this.#register(),
      // It says so itself, and peers go on.
      onLost: () => undefined,
      onClosed: () => clearTimeout(this.#again),
      onMessage: (text) => this.#take(text),
    });
  }

  /** Dials; a second call does nothing. */
  open(): void {
    this.#socket.open();
  }

  /** Hands over a message, if the gateway is there. */
  send(message: SignalMessageInput): void {
    this.#socket.connection?.send(JSON.stringify(message));
  }

  /** Says goodbye to all peers and comes no more. */
  async close(): Promise<void> {
    clearTimeout(this.#again);
    this.send({ type: 'bye' });
    await this.#socket.close();
  }

  #register(): void {
    const { room, source } = this.#options;
    const resume = this.#resume === null ? {} : { resume: this.#resume };
    this.send({ type: 'register', role: 'host', room, source, ...resume });
  }

  #take(text: string | null): void {
    const event = read(text);
    if (event === null) this.#socket.sayOnce('A message of the signalling is not understood.');
    else if (event.type === 'registered') {
      this.#socket.welcome();
      this.#resume = event.resume;
      this.#takenMs = TAKEN_MS.first;
      this.#options.onRegistered(event);
    } else if (event.type === 'error') this.#hearError(event);
    else this.#options.onEvent(event);
  }

  #hearError(error: Extract<SignalEvent, { type: 'error' }>): void {
    if (error.code !== 'taken' && error.code !== 'capacity') {
      this.#options.onEvent(error);
      return;
    }
    this.#socket.sayOnce(`No clients are answered: ${error.message} It is tried again.`);
    clearTimeout(this.#again);
    this.#again = setTimeout(() => this.#register(), this.#takenMs);
    this.#takenMs = Math.min(TAKEN_MS.last, 2 * this.#takenMs);
  }
}

function read(text: string | null): SignalEvent | null {
  try {
    return SignalEvent.safeParse(JSON.parse(text ?? '')).data ?? null;
  } catch {
    return null;
  }
}
