/** A process full of viewers of media over WebSockets, driven by its parent (`media-crowd.ts`). */
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { MEDIA_KINDS, WATCH_MEDIA_PROTOCOL } from '../../gateway/protocol/media/media-protocol.ts';
import { writePainted } from '../../gateway/protocol/media/painted.ts';
import { nowUs, type CrowdSight, type ToMediaCrowd } from './media-crowd-messages.ts';
import { clientFrame, ServerFrames } from './media-frames.ts';

const PARALLEL_JOINS = 16;
const OPCODES = { binary: 2, close: 8, ping: 9, pong: 10 };
/** How often a slow viewer reads. */
const READ_MS = 50;
const LAST = 2;

let open = 0;
let bytes = 0;
let agesMs: number[] = [];
let closed: string[] = [];

process.on('message', (message) => void handle(message as ToMediaCrowd));
process.on('disconnect', () => process.exit(0));

async function handle(message: ToMediaCrowd): Promise<void> {
  if (message.type === 'join') await join(message);
  else {
    agesMs = [];
    bytes = 0;
    await delay(message.ms);
  }
  process.send?.({ open, agesMs, bytes, closed } satisfies CrowdSight);
  closed = [];
}

async function join(message: Extract<ToMediaCrowd, { type: 'join' }>): Promise<void> {
  let left = message.viewers;
  const joinOn = async (): Promise<void> => {
    while (left > 0) {
      left -= 1;
      await watch(message);
    }
  };
  await Promise.all(Array.from({ length: PARALLEL_JOINS }, joinOn));
}

async function watch({
  url,
  token,
  bitsPerSecond,
}: Extract<ToMediaCrowd, { type: 'join' }>): Promise<void> {
  const { hostname, port, pathname } = new URL(url);
  const frames = new ServerFrames((opcode, message) => see(socket, opcode, message));
  let answer = Buffer.alloc(0);
  let isOpen = false;
  const take = (chunk: Buffer): void => {
    if (isOpen) {
      frames.push(chunk);
      return;
    }
    answer = Buffer.concat([answer, chunk]);
    const end = answer.indexOf('\r\n\r\n');
    if (end < 0) return;
    isOpen = true;
    frames.push(answer.subarray(end + 4));
  };
  const socket = dial(hostname, Number(port), bitsPerSecond, take);
  socket.setNoDelay();
  await once(socket, 'connect');
  socket.write(
    [
      `GET ${pathname} HTTP/1.1`,
      `Host: ${hostname}:${port}`,
      `Authorization: Bearer ${token}`,
      'Connection: Upgrade',
      'Upgrade: websocket',
      'Sec-WebSocket-Version: 13',
      'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
      `Sec-WebSocket-Protocol: ${WATCH_MEDIA_PROTOCOL}`,
      '\r\n',
    ].join('\r\n'),
  );
  open += 1;
  socket.on('error', (error) => closed.push(error.message));
  socket.on('close', () => {
    open -= 1;
    closed.push('closed');
  });
}

/** A slow viewer reads what its bits allow, then nothing for a while. */
function dial(
  host: string,
  port: number,
  bitsPerSecond: number | null,
  take: (chunk: Buffer) => void,
): Socket {
  if (bitsPerSecond === null) {
    const socket = connect({ host, port });
    socket.on('data', take);
    return socket;
  }
  const buffer = Buffer.alloc(Math.ceil((bitsPerSecond / 8) * (READ_MS / 1000)));
  const socket = connect({
    host,
    port,
    onread: {
      buffer,
      callback: (length) => {
        take(Buffer.from(buffer.subarray(0, length)));
        setTimeout(() => socket.resume(), (READ_MS * length) / buffer.length);
        return false;
      },
    },
  });
  return socket;
}

function see(socket: Socket, opcode: number, message: Buffer): void {
  bytes += message.length;
  if (opcode === OPCODES.ping) socket.write(clientFrame(OPCODES.pong, message));
  else if (opcode === OPCODES.close) closed.push(message.toString('utf8', 2));
  else if (opcode === OPCODES.binary && ((message[0] ?? 0) & 15) === MEDIA_KINDS.stripe) {
    if (((message[1] ?? 0) & LAST) === 0) return;
    agesMs.push((nowUs() - Number(message.readBigUInt64BE(16))) / 1000);
    socket.write(clientFrame(OPCODES.binary, writePainted(message.readUInt32BE(2))));
  }
}
