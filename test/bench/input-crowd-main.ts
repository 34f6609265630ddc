/** A process full of viewers' sockets that listen, driven by messages of its parent (`input-crowd.ts`). */
import { once } from 'node:events';
import { WebSocket } from 'ws';
import { TOKEN_PROTOCOL_PREFIX, VIEWER_PROTOCOL } from '../../gateway/protocol/viewer-protocol.ts';
import { nowMs, type CrowdCount, type ToCrowd } from './input-crowd-messages.ts';

const PARALLEL_JOINS = 16;

const sockets: WebSocket[] = [];
let failed = 0;
let positions = 0;
/** By epoch, when each socket heard that it is held. */
const heard = new Map<number, number[]>();

process.on('message', (message) => void handle(message as ToCrowd));
process.on('disconnect', () => process.exit(0));

async function handle(message: ToCrowd): Promise<void> {
  if (message.type === 'join') await join(message);
  else if (message.type === 'await') {
    const deadline = nowMs() + 5_000;
    const all = (): boolean => (heard.get(message.epoch)?.length ?? 0) >= sockets.length;
    while (!all() && nowMs() < deadline) {
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }
  const heardAt = message.type === 'await' ? (heard.get(message.epoch) ?? []) : [];
  if (message.type === 'await') heard.clear();
  const answer: CrowdCount = { open: sockets.length, failed, positions, heardAt };
  positions = 0;
  process.send?.(answer);
}

async function join({ url, token, viewers }: Extract<ToCrowd, { type: 'join' }>): Promise<void> {
  let left = viewers;
  const joinOn = async (): Promise<void> => {
    while (left > 0) {
      left -= 1;
      try {
        sockets.push(await open(url, token));
      } catch {
        failed += 1;
      }
    }
  };
  await Promise.all(Array.from({ length: PARALLEL_JOINS }, joinOn));
}

async function open(url: string, token: string): Promise<WebSocket> {
  const protocols = [VIEWER_PROTOCOL, `${TOKEN_PROTOCOL_PREFIX}${token}`];
  const socket = new WebSocket(url, protocols, { perMessageDeflate: false });
  socket.on('message', (data: Buffer) => hear(data));
  await once(socket, 'open');
  socket.send(JSON.stringify({ type: 'viewer/watching', source: 'main', session: null }));
  return socket;
}

const POSITION = '{"type":"cursor/position"';
const STATE = '{"type":"control/state"';

/** Looks at the first bytes alone: a thousand parsers would be the load. */
function hear(data: Buffer): void {
  const head = data.toString('latin1', 0, POSITION.length);
  if (head === POSITION) positions += 1;
  else if (head.startsWith(STATE)) {
    const epoch = Number(/"pointer":\{[^}]*"epoch":(\d+)/.exec(data.toString('latin1'))?.[1]);
    const times = heard.get(epoch) ?? [];
    times.push(nowMs());
    heard.set(epoch, times);
  }
}
