import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';
import { WebSocketServer, type WebSocket } from 'ws';
import { mediaKindOf } from '../../../gateway/protocol/media/media-kind.ts';
import {
  MediaPublisherMessage,
  type MediaPublisherEvent,
} from '../../../gateway/protocol/media/media-messages.ts';
import {
  MEDIA_ALIVE_MS,
  PUBLISH_MEDIA_PROTOCOL,
} from '../../../gateway/protocol/media/media-protocol.ts';
import { readSound, type SoundPacket } from '../../../gateway/protocol/media/sound.ts';
import { readStripe, type Stripe } from '../../../gateway/protocol/media/stripe.ts';
import { waitFor } from '../wait-for.ts';

/** A publisher's connection as a gateway sees it; what breaks the protocol is kept as `problems`. */
export class PublisherConnection {
  readonly socket: WebSocket;
  readonly protocols: string;
  readonly stripes: Stripe[] = [];
  readonly sound: SoundPacket[] = [];
  readonly figures: MediaPublisherMessage[] = [];
  readonly problems: string[] = [];
  closed: number | null = null;

  constructor(socket: WebSocket, protocols: string) {
    this.socket = socket;
    this.protocols = protocols;
    socket.on('message', (data: Buffer, isBinary) => this.#take(data, isBinary));
    const alive = setInterval(() => this.say({ type: 'media/alive' }), MEDIA_ALIVE_MS);
    socket.on('close', (code) => {
      clearInterval(alive);
      this.closed = code;
    });
  }

  say(event: MediaPublisherEvent): void {
    this.socket.send(JSON.stringify(event));
  }

  /** Greets it and asks for what `want` says. */
  welcome(want: { picture: number; sound: number } = { picture: 0, sound: 0 }): void {
    this.say({ type: 'media/welcome', session: 's'.repeat(22) } as MediaPublisherEvent);
    this.say({ type: 'media/demand', ...want });
  }

  /** How many pictures have come whole. */
  get pictures(): number {
    return this.stripes.filter(({ isLast }) => isLast).length;
  }

  async getsPictures(count: number): Promise<void> {
    await waitFor(() => this.pictures >= count, {
      timeoutMs: 20_000,
      what: `${count} pictures (${this.pictures} came; ${this.problems.join()})`,
    });
  }

  #take(data: Buffer, isBinary: boolean): void {
    const problem = isBinary ? this.#takeBinary(data) : this.#takeText(data);
    if (problem !== null) this.problems.push(problem);
  }

  #takeText(data: Buffer): string | null {
    const message = MediaPublisherMessage.safeParse(JSON.parse(data.toString()));
    if (!message.success) return message.error.message;
    this.figures.push(message.data);
    return null;
  }

  #takeBinary(data: Buffer): string | null {
    const kind = mediaKindOf(data);
    if (typeof kind === 'string') return kind;
    if (kind.kind === 'sound') {
      const packet = readSound(data);
      if (typeof packet === 'string') return packet;
      this.sound.push(packet);
      return null;
    }
    const stripe = readStripe(data);
    if (typeof stripe === 'string') return stripe;
    this.stripes.push(stripe);
    return null;
  }
}

/** A bare server of publish sockets, which says what a test tells it to; closed after the test. */
export class PublisherDesk {
  readonly connections: PublisherConnection[] = [];
  /** Whether new connections are greeted at once, and asked for this. */
  greets: { picture: number; sound: number } | null = null;
  readonly #server = createServer();

  static async open(): Promise<PublisherDesk> {
    const desk = new PublisherDesk();
    desk.#server.listen(0, '127.0.0.1');
    await once(desk.#server, 'listening');
    return desk;
  }

  private constructor() {
    const upgrades = new WebSocketServer({
      server: this.#server,
      handleProtocols: () => PUBLISH_MEDIA_PROTOCOL,
    });
    upgrades.on('connection', (socket, request) => {
      const { 'sec-websocket-protocol': protocols = '' } = request.headers;
      const connection = new PublisherConnection(socket, protocols);
      this.connections.push(connection);
      if (this.greets !== null) connection.welcome(this.greets);
    });
    onTestFinished(() => {
      for (const { socket } of this.connections) socket.terminate();
      this.#server.closeAllConnections();
      this.#server.close();
    });
  }

  get url(): string {
    return `ws://127.0.0.1:${(this.#server.address() as AddressInfo).port}/ws/media/demo`;
  }

  /** The nth connection, from 1. */
  connection(count = 1): Promise<PublisherConnection> {
    return waitFor(() => this.connections[count - 1], {
      timeoutMs: 20_000,
      what: `connection ${count}`,
    });
  }
}
