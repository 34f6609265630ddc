import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';
import { WebSocketServer, type WebSocket } from 'ws';
import type { SessionSecret } from '../../../../gateway/protocol/ids.ts';
import { mediaKindOf } from '../../../../gateway/protocol/media/media-kind.ts';
import type { MediaPublisherEvent } from '../../../../gateway/protocol/media/media-messages.ts';
import { PUBLISH_MEDIA_PROTOCOL } from '../../../../gateway/protocol/media/media-protocol.ts';
import { readSound, type SoundPacket } from '../../../../gateway/protocol/media/sound.ts';
import { readStripe, type Stripe } from '../../../../gateway/protocol/media/stripe.ts';

export const A_SECRET = 's'.repeat(43) as SessionSecret;

/** A publisher's connection as a server sees it. */
export interface MediaConnection {
  readonly socket: WebSocket;
  readonly authorization: string;
  readonly protocol: string;
  readonly stripes: Stripe[];
  readonly sounds: SoundPacket[];
  readonly texts: unknown[];
  readonly tell: (event: MediaPublisherEvent) => void;
}

/** A bare server of media publishers, which says what a test tells it to; closed after the test. */
export class MediaServer {
  readonly connections: MediaConnection[] = [];
  /** What each connection hears first. */
  greeting: readonly MediaPublisherEvent[] = [
    { type: 'media/welcome', session: A_SECRET },
    { type: 'media/demand', picture: 1, sound: 1 },
  ];
  readonly #server: WebSocketServer;

  static async open(): Promise<MediaServer> {
    const server = new MediaServer();
    await once(server.#server, 'listening');
    return server;
  }

  private constructor() {
    this.#server = new WebSocketServer({
      port: 0,
      host: '127.0.0.1',
      handleProtocols: () => PUBLISH_MEDIA_PROTOCOL,
    });
    this.#server.on('connection', (socket, { headers }) => {
      const tell = (event: MediaPublisherEvent): void => socket.send(JSON.stringify(event));
      const { authorization = '' } = headers;
      const { protocol } = socket;
      const one: MediaConnection = {
        ...{ socket, authorization, protocol, tell, stripes: [], sounds: [], texts: [] },
      };
      this.connections.push(one);
      socket.on('message', (data: Buffer, isBinary) => {
        if (isBinary) take(one, data);
        else one.texts.push(JSON.parse(data.toString()));
      });
      for (const event of this.greeting) tell(event);
    });
    onTestFinished(() => {
      for (const { socket } of this.connections) socket.terminate();
      this.#server.close();
    });
  }

  get url(): string {
    return `ws://127.0.0.1:${(this.#server.address() as AddressInfo).port}/ws/media/demo/main`;
  }
}

function take({ stripes, sounds }: MediaConnection, data: Buffer): void {
  const kind = mediaKindOf(data);
  if (typeof kind === 'string') throw new Error(kind);
  if (kind.kind === 'sound') {
    const sound = readSound(data);
    if (typeof sound === 'string') throw new Error(sound);
    sounds.push(sound);
    return;
  }
  const stripe = readStripe(data);
  if (typeof stripe === 'string') throw new Error(stripe);
  stripes.push(stripe);
}
