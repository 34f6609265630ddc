import nodeDataChannel from 'node-datachannel';
import type { DataChannel, PeerConnection } from 'node-datachannel';
import { guard } from '../../native/guard.ts';
import type { Native } from '../../native/library.ts';
import type { LocalTransport } from '../../native/local-transport.ts';
import { answerOf } from '../../native/negotiation.ts';
import { LIMITS } from '../limits/limits.ts';
import { INPUT_CHANNELS } from '../protocol/channel-terms.ts';
import { MessageBudget } from '../limits/message-budget.ts';
import { libraryOffer } from './description.ts';
import type { PeerEnd, RemoteTransport } from './messages.ts';

/** What a peer tells its process; every call is already guarded. */
export interface PeerOwner {
  /** False: it cannot be handed on now. */
  onMessage(text: string): boolean;
  onEnd(why: PeerEnd): void;
}

const PING = '{"type":"viewer/ping"';

/**
 * A viewer's two channels. Holds the library's objects, which stop working when collected; all that
 * the viewer may cost is bounded here, before anything goes to the gateway.
 */
export class Peer {
  readonly #native: Native;
  readonly #owner: PeerOwner;
  readonly #connection: PeerConnection;
  readonly #channels = new Map<string, DataChannel>();
  /** Channels that have no place here; kept until they are closed. */
  readonly #strangers: DataChannel[] = [];
  readonly #budget = new MessageBudget(
    { perSecond: LIMITS.channelMessagesPerSecond, burst: LIMITS.channelMessagesAtOnce },
    () => performance.now(),
  );
  readonly #deadline: NodeJS.Timeout;
  #open = true;

  constructor(native: Native, owner: PeerOwner) {
    this.#native = native;
    this.#owner = owner;
    const { port, log } = native;
    this.#connection = new nodeDataChannel.PeerConnection('input', {
      iceServers: [],
      disableAutoNegotiation: true,
      enableIceUdpMux: true,
      portRangeBegin: port,
      portRangeEnd: port,
      // What is larger it cuts off there, unseen.
      maxMessageSize: LIMITS.channelMessageBytes + 1,
    });
    this.#connection.onDataChannel(guard(log, 'channel', (channel) => this.#welcome(channel)));
    this.#connection.onStateChange(
      guard(log, 'peer state', (state: string) => {
        if (state === 'failed' || state === 'disconnected' || state === 'closed') this.#end('lost');
      }),
    );
    this.#deadline = setTimeout(() => {
      if (this.#channels.size < INPUT_CHANNELS.length) this.#end('lost');
    }, LIMITS.channelConnectMs);
  }

  /** @throws Error when the library does not take the values; close it then. */
  answer(remote: RemoteTransport): Promise<LocalTransport> {
    return answerOf(this.#connection, libraryOffer(remote));
  }

  /** Idempotent. */
  close(): void {
    if (!this.#open) return;
    this.#open = false;
    clearTimeout(this.#deadline);
    for (const channel of [...this.#channels.values(), ...this.#strangers]) channel.close();
    this.#connection.close();
  }

  #welcome(channel: DataChannel): void {
    const { log } = this.#native;
    const label = channel.getLabel();
    const isKnown = (INPUT_CHANNELS as readonly string[]).includes(label);
    // Unset, the library keeps a dangling entry in a static list.
    channel.onClosed(guard(log, 'channel closed', () => this.#leave(label, channel)));
    if (!this.#open || !isKnown || this.#channels.has(label)) {
      this.#strangers.push(channel);
      this.#end('malformed');
      return;
    }
    this.#channels.set(label, channel);
    channel.onMessage(
      guard(log, 'message', (message: string | Buffer | ArrayBuffer) =>
        this.#hear(channel, message),
      ),
    );
  }

  #leave(label: string, channel: DataChannel): void {
    if (this.#channels.get(label) === channel) this.#end('lost');
  }

  #hear(channel: DataChannel, message: string | Buffer | ArrayBuffer): void {
    if (!this.#open) return;
    const isFit =
      typeof message === 'string' && Buffer.byteLength(message) <= LIMITS.channelMessageBytes;
    if (!isFit || !this.#budget.take(1)) {
      this.#end('malformed');
      return;
    }
    if (message.startsWith(PING)) this.#echo(channel, message);
    else if (!this.#owner.onMessage(message) && channel === this.#channels.get('keys')) {
      this.#end('lost');
    }
  }

  /** Proves the path, up to here and back. */
  #echo(channel: DataChannel, message: string): void {
    const ping: unknown = parse(message);
    if (typeof ping !== 'object' || ping === null || !('at' in ping)) this.#end('malformed');
    else if (typeof ping.at !== 'number') this.#end('malformed');
    else if (channel.isOpen()) {
      channel.sendMessage(JSON.stringify({ type: 'viewer/pong', at: ping.at }));
    }
  }

  #end(why: PeerEnd): void {
    if (!this.#open) return;
    this.close();
    this.#owner.onEnd(why);
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
