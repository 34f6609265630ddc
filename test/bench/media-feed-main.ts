/** A process that publishes made stripes at a steady rate, driven by its parent (`media-crowd.ts`). */
import { once } from 'node:events';
import { WebSocket } from 'ws';
import { PUBLISH_MEDIA_PROTOCOL } from '../../gateway/protocol/media/media-protocol.ts';
import { writeSound } from '../../gateway/protocol/media/sound.ts';
import { writeStripe } from '../../gateway/protocol/media/stripe.ts';
import { seededRandom } from '../support/net/seeded-random.ts';
import { nowUs, type FeedDone, type ToMediaFeed } from './media-crowd-messages.ts';

const BITS_PER_SECOND = 3e6;
const FPS = 30;
const ROWS = 4;
const [WIDTH, HEIGHT] = [1280, 720];
/** A key frame of a desktop against a mean picture between two of them. */
const KEY_FACTOR = 6;
const SOUND_MS = 20;
const SOUND_BYTES = 120;

const random = seededRandom(1);
const rowBytes = BITS_PER_SECOND / 8 / FPS / ROWS;
let done: { -readonly [K in keyof FeedDone]: FeedDone[K] } = { pictures: 0, keys: 0, bytes: 0 };
let isKeyDue = true;
let frame = 0;

process.on('message', (message) => void handle(message as ToMediaFeed));
process.on('disconnect', () => process.exit(0));

async function handle(message: ToMediaFeed): Promise<void> {
  if (message.type === 'publish') await publish(message);
  process.send?.(done);
  done = { pictures: 0, keys: 0, bytes: 0 };
}

async function publish({ url, token }: Extract<ToMediaFeed, { type: 'publish' }>): Promise<void> {
  const socket = new WebSocket(url, [PUBLISH_MEDIA_PROTOCOL], {
    perMessageDeflate: false,
    headers: token === null ? {} : { authorization: `Bearer ${token}` },
  });
  socket.on('message', (data: Buffer) => {
    if (data.includes('"media/key"')) isKeyDue = true;
  });
  await once(socket, 'open');
  const began = performance.now();
  let sequence = 0;
  // A timer alone would drift: what is due by now is sent.
  setInterval(() => {
    const elapsed = performance.now() - began;
    while ((frame * 1000) / FPS <= elapsed) picture(socket);
    while (sequence * SOUND_MS <= elapsed) sound(socket, (sequence += 1));
  }, 4);
}

function picture(socket: WebSocket): void {
  const isKey = isKeyDue;
  isKeyDue = false;
  const capturedAtUs = nowUs();
  for (let row = 0; row < ROWS; row += 1) {
    const size = Math.round(rowBytes * (isKey ? KEY_FACTOR : 0.5 + random()));
    const header = { frame, width: WIDTH, height: HEIGHT, rows: HEIGHT / ROWS, layout: 1 };
    const message = writeStripe(
      {
        ...header,
        ...{ y: (row * HEIGHT) / ROWS, codec: 'h264', capturedAtUs },
        ...{ isKey, isLast: row === ROWS - 1, isRefined: false },
      },
      new Uint8Array(size),
    );
    done.bytes += message.byteLength;
    socket.send(message);
  }
  frame += 1;
  done.pictures += 1;
  if (isKey) done.keys += 1;
}

function sound(socket: WebSocket, sequence: number): void {
  socket.send(
    writeSound({ sequence, capturedAtUs: nowUs(), payload: new Uint8Array(SOUND_BYTES) }),
  );
}
