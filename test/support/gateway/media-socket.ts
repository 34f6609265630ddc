import { onTestFinished } from 'vitest';
import { WebSocket, type ClientOptions } from 'ws';
import {
  PUBLISH_MEDIA_PROTOCOL,
  WATCH_MEDIA_PROTOCOL,
} from '../../../gateway/protocol/media/media-protocol.ts';
import { writePainted } from '../../../gateway/protocol/media/painted.ts';
import { readStripe, type Stripe } from '../../../gateway/protocol/media/stripe.ts';
import { TOKEN_PROTOCOL_PREFIX } from '../../../gateway/protocol/viewer-protocol.ts';
import { waitFor } from '../wait-for.ts';
import { aToken } from './a-token.ts';
import { connectSocket, TestSocket, type Refusal } from './test-socket.ts';

interface Place {
  /** `demo` when absent. */
  readonly room?: string;
  readonly source?: string;
}

type Way = { readonly token?: string } & Place & ClientOptions;

const pathOf = ({ room = 'demo', source }: Place): string =>
  source === undefined ? `/ws/media/${room}` : `/ws/media/${room}/${source}`;

/** A publisher's end of `/ws/media/demo`, as an agent opens it. */
export async function aMediaPublisher(url: string, given: Way = {}): Promise<TestSocket> {
  const opened = await connectMedia(url, PUBLISH_MEDIA_PROTOCOL, {
    token: aToken({ sub: 'machine', can: ['publish'] }),
    ...given,
  });
  if (!(opened instanceof TestSocket)) throw new Error(`refused: ${opened.status}`);
  await opened.hears('media/demand');
  return opened;
}

/** Opens a media socket with the token in a header, as agents do. */
export async function connectMedia(
  url: string,
  protocol: string,
  { room, source, ...given }: Way,
): Promise<TestSocket | Refusal> {
  const place = {
    ...(room === undefined ? {} : { room }),
    ...(source === undefined ? {} : { source }),
  };
  return await connectSocket(url, pathOf(place), { protocols: [protocol], ...given });
}

/** A page's socket, before anything is known of it. */
export const pageProtocols = (token: string, protocol = WATCH_MEDIA_PROTOCOL): string[] => [
  protocol,
  `${TOKEN_PROTOCOL_PREFIX}${token}`,
];

/** A viewer's end of `/ws/media/demo`, which paints what it is told to. */
export class MediaViewer extends TestSocket {
  /** Binary messages as they came. */
  readonly media: Buffer[] = [];
  readonly stripes: Stripe[] = [];
  /** Whether each complete picture is receipted at once. */
  paints = true;

  constructor(socket: WebSocket) {
    super(socket);
    socket.removeAllListeners('message');
    socket.on('message', (data: Buffer, isBinary) => {
      if (isBinary) this.#see(data);
      else this.messages.push(JSON.parse(data.toString()) as TestSocket['messages'][number]);
    });
  }

  paint(frame: number): void {
    this.socket.send(writePainted(frame));
  }

  /** Resolves once a picture came whole. */
  async sees(frame: number): Promise<void> {
    await waitFor(() => this.stripes.some((each) => each.frame === frame && each.isLast), {
      what: `picture ${frame}`,
    });
  }

  #see(data: Buffer): void {
    this.media.push(data);
    const stripe = readStripe(data);
    if (typeof stripe === 'string') return;
    this.stripes.push(stripe);
    if (stripe.isLast && this.paints) this.paint(stripe.frame);
  }
}

/** A viewer that was welcomed. */
export async function aMediaViewer(
  url: string,
  given: { token?: string } & Place = {},
): Promise<MediaViewer> {
  const token = given.token ?? aToken({ sub: 'ben', can: ['watch'] });
  const socket = new WebSocket(
    new URL(pathOf(given), url.replace(/^http/, 'ws')),
    pageProtocols(token),
  );
  const viewer = new MediaViewer(socket);
  onTestFinished(() => socket.terminate());
  await viewer.hears('media/welcome');
  return viewer;
}
