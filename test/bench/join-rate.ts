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

interface Ticket {
  readonly room: string;
  readonly token: string;
}
const NO_TICKET: Ticket = { room: '', token: '' };

type Joins = Pick<JoinRate, 'elapsedMs' | 'failed'>;

/** Until the JIT has seen everything: a gateway that shares its core needs longer for as many joins. */
const WARM_UP_JOINS = 1_500;
const WARM_UP_SECONDS = 3;
const ROOMS = 20;

/**
 * WHEP joins as fast as they are answered, into rooms with a publisher each; these send nothing, and
 * the gateway ends them before long.
 */
export async function measureJoinRate(
  gateway: GatewayProcess,
  { seconds, parallel, viewersPerToken, limit }: JoinRateOptions,
): Promise<JoinRate> {
  const client = new SignallingClient({ keepAlive: true });
  const offers = Array.from({ length: 200 }, () => chromiumOffer('watch'));
  const openAll = async (): Promise<readonly Ticket[]> => {
    const rooms = await openRooms(gateway, client, ROOMS);
    return Array.from({ length: Math.ceil(limit / viewersPerToken) }, (_, at) => {
      const room = rooms[at % rooms.length] ?? '';
      return { room, token: gateway.mint(room, ['watch']) };
    });
  };
  const joinFor = async (tickets: readonly Ticket[], forSeconds: number): Promise<Joins> => {
    const endAt = performance.now() + forSeconds * 1000;
    const elapsedMs: number[] = [];
    let next = 0;
    let failed = 0;
    const join = async (): Promise<void> => {
      while (performance.now() < endAt && next < limit) {
        const at = next;
        next += 1;
        const { room, token } = tickets[Math.floor(at / viewersPerToken)] ?? NO_TICKET;
        const url = `${gateway.url}/whep/${room}`;
        const answer = await client.post(url, offers[at % offers.length] ?? '', token);
        if (answer.status === 201) elapsedMs.push(answer.elapsedMs);
        else failed += 1;
      }
    };
    await Promise.all(Array.from({ length: parallel }, join));
    return { elapsedMs, failed };
  };
  for (let joined = 0; joined < WARM_UP_JOINS;) {
    const { elapsedMs } = await joinFor(await openAll(), WARM_UP_SECONDS);
    if (elapsedMs.length === 0) throw new Error('no join is let in');
    joined += elapsedMs.length;
  }
  const tickets = await openAll();
  const before = readProcessTree(gateway.pid).cpuSeconds;
  const startedAt = performance.now();
  const { elapsedMs, failed } = await joinFor(tickets, seconds);
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
