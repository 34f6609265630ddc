import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { WebSocket } from 'ws';
import { SIGNAL_PROTOCOL } from '../../gateway/protocol/signal/signal-protocol.ts';
import { distributionOf, type Distribution } from './distribution.ts';

/** Two sockets of which each is sent what the other says. */
export type Pair = readonly [WebSocket, WebSocket];

export interface Played {
  /** Messages that arrived. */
  readonly count: number;
  readonly perSecond: number;
  /** From sending to arrival, ms. */
  readonly tookMs: Distribution;
}

/** A candidate, as browsers trickle it, with the time at which it was sent. */
const message = (): string =>
  `{"type":"ice-candidate","candidate":{"candidate":"candidate:842163049 1 udp 1677729535 ` +
  `203.0.113.7 46154 typ srflx raddr 0.0.0.0 rport 0 generation ${performance.now()} ` +
  `network-cost 999","sdpMid":"0","sdpMLineIndex":0,"usernameFragment":"EsAw"}}`;

const sentAt = (data: Buffer): number =>
  Number(/generation ([\d.]+)/.exec(data.toString('latin1'))?.[1] ?? Number.NaN);

/** Each pair has one message under way in each direction, all the time. */
export async function playClosed(pairs: readonly Pair[], seconds: number): Promise<Played> {
  return await play(pairs, seconds, (pair) => {
    for (const socket of pair) socket.send(message());
  });
}

/** So many messages a second in all, whatever becomes of them. */
export async function playPaced(
  pairs: readonly Pair[],
  seconds: number,
  perSecond: number,
): Promise<Played> {
  const sockets = pairs.flat();
  let next = 0;
  const startedAt = performance.now();
  const timer = setInterval(() => {
    const due = ((performance.now() - startedAt) / 1000) * perSecond;
    for (; next < due; next += 1) sockets[next % sockets.length]?.send(message());
  }, 2);
  const played = await play(pairs, seconds, null);
  clearInterval(timer);
  return played;
}

async function play(
  pairs: readonly Pair[],
  seconds: number,
  start: ((pair: Pair) => void) | null,
): Promise<Played> {
  const times: number[] = [];
  let running = true;
  for (const socket of pairs.flat()) {
    socket.on('message', (data: Buffer) => {
      const took = performance.now() - sentAt(data);
      if (!running || Number.isNaN(took)) return;
      times.push(took);
      if (start !== null) socket.send(message());
    });
  }
  if (start !== null) for (const pair of pairs) start(pair);
  const startedAt = performance.now();
  await delay(seconds * 1000);
  running = false;
  const perSecond = times.length / ((performance.now() - startedAt) / 1000);
  // What is under way arrives before the next one begins.
  await delay(500);
  for (const socket of pairs.flat()) socket.removeAllListeners('message');
  return { count: times.length, perSecond, tookMs: distributionOf(times) };
}

/** Pairs at the bare relay. */
export async function relayPairs(port: number, count: number): Promise<Pair[]> {
  const pairs: Pair[] = [];
  for (let index = 0; index < count; index += 1) {
    const url = `ws://127.0.0.1:${port}/${index}`;
    pairs.push([await opened(new WebSocket(url)), await opened(new WebSocket(url))]);
  }
  return pairs;
}

/** Hosts at one gateway and their clients at another, or at the same. */
export async function gatewayPairs(
  urls: readonly [string, string],
  count: number,
  mint: (room: string, can: readonly ('host' | 'watch')[]) => string,
): Promise<Pair[]> {
  const pairs: Pair[] = [];
  for (let index = 0; index < count; index += 1) {
    const room = `bench-${index}`;
    const host = await registered(urls[0], room, 'host', mint(room, ['host']));
    pairs.push([host, await registered(urls[1], room, 'client', mint(room, ['watch']))]);
  }
  return pairs;
}

async function registered(
  url: string,
  room: string,
  role: 'host' | 'client',
  token: string,
): Promise<WebSocket> {
  const socket = new WebSocket(`${url.replace(/^http/, 'ws')}/ws/signal`, [SIGNAL_PROTOCOL]);
  await opened(socket);
  const answer = once(socket, 'message');
  socket.send(JSON.stringify({ type: 'register', room, role, token }));
  const [data] = (await answer) as [Buffer];
  if (!data.includes('"registered"')) throw new Error(`not registered: ${data.toString()}`);
  return socket;
}

async function opened(socket: WebSocket): Promise<WebSocket> {
  await once(socket, 'open');
  return socket;
}
