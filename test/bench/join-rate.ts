import { setTimeout as delay } from 'node:timers/promises';
import { chromiumOffer } from './chromium-offer.ts';
import type { GatewayProcess } from './gateway-process.ts';
import { readProcessTree } from './process-tree.ts';
import { SignallingClient } from './signalling-client.ts';

export interface JoinRate {
  readonly joins: number;
  readonly failed: number;
  readonly perSecond: number;
  /** Joins for each second of the gateway's own CPU time: what a core of its own would give. */
  readonly perCpuSecond: number;
  readonly cpuShare: number;
  readonly elapsedMs: readonly number[];
}

export interface JoinRateOptions {
  readonly seconds: number;
  readonly parallel: number;
  /** Viewers that share a token; 1 gives everybody one of their own, minted before. */
  readonly viewersPerToken: number;
  /** Most joins that are made. */
  readonly limit: number;
}

const WARM_UP_SECONDS = 3;

/** WHEP joins as fast as they are answered, into rooms with a publisher each. */
export async function measureJoinRate(
  gateway: GatewayProcess,
  { seconds, parallel, viewersPerToken, limit }: JoinRateOptions,
): Promise<JoinRate> {
  const client = new SignallingClient({ keepAlive: true });
  const rooms = await openRooms(gateway, client, 20);
  const tokens = Array.from({ length: Math.ceil(limit / viewersPerToken) }, (_, at) => {
    const room = rooms[at % rooms.length] ?? '';
    return { room, token: gateway.mint(room, ['watch']) };
  });
  const offers = Array.from({ length: 200 }, () => chromiumOffer('watch'));
  let elapsedMs: number[] = [];
  let next = 0;
  let failed = 0;
  const joinUntil = async (endAt: number): Promise<void> => {
    while (performance.now() < endAt && next < limit) {
      const at = next;
      next += 1;
      const { room, token } = tokens[Math.floor(at / viewersPerToken)] ?? { room: '', token: '' };
      const url = `${gateway.url}/whep/${room}`;
      const answer = await client.post(url, offers[at % offers.length] ?? '', token);
      if (answer.status === 201) elapsedMs.push(answer.elapsedMs);
      else failed += 1;
    }
  };
  const joinFor = async (forSeconds: number): Promise<void> => {
    const endAt = performance.now() + forSeconds * 1000;
    await Promise.all(Array.from({ length: parallel }, () => joinUntil(endAt)));
  };
  // Until the JIT has seen everything.
  await joinFor(WARM_UP_SECONDS);
  elapsedMs = [];
  const before = readProcessTree(gateway.pid).cpuSeconds;
  const startedAt = performance.now();
  await joinFor(seconds);
  const took = (performance.now() - startedAt) / 1000;
  const cpuSeconds = readProcessTree(gateway.pid).cpuSeconds - before;
  client.close();
  await delay(200);
  const joins = elapsedMs.length;
  return {
    ...{ joins, failed, elapsedMs },
    perSecond: joins / took,
    perCpuSecond: joins / cpuSeconds,
    cpuShare: cpuSeconds / took,
  };
}

async function openRooms(
  gateway: GatewayProcess,
  client: SignallingClient,
  count: number,
): Promise<string[]> {
  const rooms = Array.from({ length: count }, (_, at) => `rate${at}-${Date.now().toString(36)}`);
  for (const room of rooms) {
    const token = gateway.mint(room, ['publish']);
    const answer = await client.post(
      `${gateway.url}/whip/${room}`,
      chromiumOffer('publish'),
      token,
    );
    if (answer.status !== 201) throw new Error(`publish: ${answer.status} ${answer.text}`);
  }
  return rooms;
}
