import { WebSocket } from 'ws';
import {
  MediaPublisherEvent,
  type MediaPublisherMessage,
  type MediaReport,
} from '../../gateway/protocol/media/media-messages.ts';
import { PUBLISH_MEDIA_PROTOCOL } from '../../gateway/protocol/media/media-protocol.ts';
import { SteadySocket, type SteadySocketOptions } from '../gateway/steady-socket.ts';
import type { StripesDemand } from './stripes.ts';
import { Uplink } from './uplink.ts';

const MAX_MESSAGE_BYTES = 64 * 1024;
/** What this process may hold of pictures that the system does not take. */
const QUEUE_BYTES = 256 * 1024;
/** Sound waits longer than pictures: a gap is worse than a delay. */
const SOUND_QUEUE_BYTES = 512 * 1024;
const PING_BYTES = 4;
const NOBODY: StripesDemand = { picture: 0, sound: 0 };

export interface MediaSocketOptions extends Pick<
  SteadySocketOptions,
  'url' | 'token' | 'onLost' | 'onBarred' | 'say'
> {
  readonly onWelcome: () => void;
  readonly onDemand: (demand: StripesDemand) => void;
  readonly onReport: (report: MediaReport) => void;
  /** Every row is to begin anew. */
  readonly onKey: () => void;
  /** An answer of the gateway: what was full may have room. */
  readonly onRoom: () => void;
  readonly nowMs: () => number;
}

/** The publisher's side of `/ws/media`. */
export class MediaSocket {
  readonly #options: MediaSocketOptions;
  readonly #socket: SteadySocket;
  #uplink = new Uplink();
  #demand = NOBODY;

  constructor(options: MediaSocketOptions) {
    this.#options = options;
    const { url, token, onLost, onBarred, say, nowMs, onRoom } = options;
    this.#socket = new SteadySocket({
      ...{ url, token, onLost, onBarred, say },
      protocol: PUBLISH_MEDIA_PROTOCOL,
      name: 'media socket',
      maxMessageBytes: MAX_MESSAGE_BYTES,
      onOpen: () => undefined,
      onMessage: (text) => this.#take(text),
      onPong: (payload) => {
        if (payload.length !== PING_BYTES) return;
        this.#uplink.pong(payload.readUInt32BE(), nowMs());
        onRoom();
      },
      onClosed: () => {
        this.#uplink = new Uplink();
        this.#want(NOBODY);
      },
    });
  }

  get demand(): StripesDemand {
    return this.#demand;
  }

  get roundTripMs(): number | null {
    return this.#uplink.roundTripMs;
  }

  get queueMs(): number | null {
    return this.#uplink.queueMs;
  }

  /** Whether a picture would wait behind others on its way to the gateway. */
  get isFull(): boolean {
    const waiting = this.#socket.connection?.bufferedAmount ?? 0;
    return waiting > QUEUE_BYTES || this.#uplink.isFull(this.#options.nowMs());
  }

  open(): void {
    this.#socket.open();
  }

  close(): Promise<void> {
    return this.#socket.close();
  }

  /** Begins a picture; what a later connection would not understand is not sent to it. */
  begin(): (stripe: Uint8Array, isLast: boolean) => void {
    const { connection } = this.#socket;
    const uplink = this.#uplink;
    return (stripe, isLast) => {
      if (connection?.readyState !== WebSocket.OPEN) return;
      connection.send(stripe);
      if (!isLast) return;
      const ping = Buffer.alloc(PING_BYTES);
      ping.writeUInt32BE(uplink.ping(this.#options.nowMs()));
      connection.ping(ping);
    };
  }

  /** False when there is no connection, or too much waits before it. */
  sound(message: Uint8Array): boolean {
    const { connection } = this.#socket;
    if (connection === null || connection.bufferedAmount > SOUND_QUEUE_BYTES) return false;
    connection.send(message);
    return true;
  }

  tell(message: MediaPublisherMessage): void {
    this.#socket.connection?.send(JSON.stringify(message));
  }

  #take(text: string | null): void {
    const event = readEvent(text);
    switch (event?.type) {
      case undefined:
        this.#socket.sayOnce('A message of the gateway about media is not understood.');
        break;
      case 'media/welcome':
        this.#socket.welcome();
        this.#options.onWelcome();
        break;
      case 'media/demand':
        this.#want({ picture: event.picture, sound: event.sound });
        break;
      case 'media/key':
        this.#options.onKey();
        break;
      case 'media/report':
        this.#options.onReport(event.report);
        break;
      // Pings of its own tell this side of a dead connection.
      case 'media/alive':
        break;
    }
  }

  #want(demand: StripesDemand): void {
    if (demand.picture === this.#demand.picture && demand.sound === this.#demand.sound) return;
    this.#demand = demand;
    this.#options.onDemand(demand);
  }
}

function readEvent(text: string | null): MediaPublisherEvent | undefined {
  if (text === null) return undefined;
  try {
    return MediaPublisherEvent.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}
