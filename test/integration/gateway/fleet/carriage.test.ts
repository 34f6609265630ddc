import { expect, onTestFinished, test } from 'vitest';
import { anAdminToken } from '../../../support/gateway/a-token.ts';
import { EngineFleet } from '../../../support/gateway/engine-fleet.ts';
import { startGateway, type GatewayUnderTest } from '../../../support/gateway/start-gateway.ts';
import { RtpPublisher } from '../../../support/rtc/rtp-publisher.ts';
import { RtpViewer } from '../../../support/rtc/rtp-viewer.ts';
import { waitFor } from '../../../support/wait-for.ts';

/** Sessions of each of the two servers. */
const LIMIT = 3;

interface Node {
  readonly node: string;
  readonly healthy: boolean;
  readonly sessions: number;
}

async function nodesOf(gateway: GatewayUnderTest): Promise<readonly Node[]> {
  const body = (await gateway.json('/api/v1/nodes', anAdminToken())) as { items: Node[] };
  return body.items;
}

/** What the media server itself counts. */
async function clientsOf(gateway: GatewayUnderTest, node: string): Promise<number> {
  const path = `/api/v1/nodes/${encodeURIComponent(node)}/clients`;
  return ((await gateway.json(path, anAdminToken())) as { items: unknown[] }).items.length;
}

const exchange =
  (gateway: GatewayUnderTest, kind: 'whip' | 'whep', locations: string[] = []) =>
  async (offer: string): Promise<string> => {
    const reply = await gateway[kind]('demo', { offer });
    expect(reply.status).toBe(201);
    locations.push(reply.headers.get('location') ?? '');
    return await reply.text();
  };

/** Two engines, a publisher at one of them, a viewer beside it and one that had to be carried. */
async function aCarriedSource() {
  const fleet = await EngineFleet.start(2);
  onTestFinished(() => fleet.close());
  const { gateway } = await startGateway({
    srs: null,
    env: { ...fleet.settings, NODE_MAX_SESSIONS: String(LIMIT), NODE_CARRY_IDLE_SECONDS: '1' },
  });
  await waitFor(async () => (await nodesOf(gateway)).every(({ healthy }) => healthy), {
    timeoutMs: 20_000,
    what: 'both engines to be ready',
  });
  const publisher = await RtpPublisher.connect(exchange(gateway, 'whip'), { video: 'VP8' });
  onTestFinished(() => publisher.close());
  const origin = (await nodesOf(gateway)).find(({ sessions }) => sessions > 0)?.node ?? '';
  const target = (await nodesOf(gateway)).find(({ node }) => node !== origin)?.node ?? '';
  const locations: string[] = [];
  const watch = async (): Promise<RtpViewer> => {
    const viewer = await RtpViewer.connect(exchange(gateway, 'whep', locations));
    onTestFinished(() => viewer.close());
    return viewer;
  };
  const home = await watch();
  const carried = await watch();
  for (const viewer of [home, carried]) {
    await waitFor(() => viewer.video.keyframes > 0 && viewer.audio.packets > 10, {
      timeoutMs: 30_000,
      what: 'picture and sound',
    });
  }
  return { gateway, fleet, publisher, origin, target, home, carried, watch, locations };
}

/** Milliseconds by which a picture is later than its sound, by the clocks that sender reports tell. */
function skewOf({ audio, video }: RtpViewer): number | null {
  const [a, v] = [audio.lastReport, video.lastReport];
  if (a === null || v === null) return null;
  return (v.rtp | 0) / 90 - (a.rtp | 0) / 48 - (v.ntpMs - a.ntpMs);
}

test(
  '[CARRY-20] viewers beyond the limit see picture and sound at a second engine, in sync, and it ends when they leave',
  { timeout: 120_000 },
  async () => {
    const stage = await aCarriedSource();
    const { gateway, publisher, origin, target, home, carried, watch, locations } = stage;
    const second = await watch();
    await waitFor(() => second.video.keyframes > 0, { timeoutMs: 30_000, what: 'a picture' });
    const by = new Map((await nodesOf(gateway)).map(({ node, sessions }) => [node, sessions]));
    expect([by.get(origin), by.get(target)]).toEqual([2, 2]);
    expect(await clientsOf(gateway, origin)).toBe(LIMIT);
    expect(await clientsOf(gateway, target)).toBe(LIMIT);
    expect((await gateway.whep()).status).toBe(503);

    expect(await gateway.json('/api/v1/carriages', anAdminToken())).toMatchObject({
      items: [{ room: 'demo', from: origin, to: target, ready: true, viewers: 2 }],
    });
    const told = await (await gateway.request('GET', '/metrics')).text();
    expect(told).toContain('pixelcast_carriages 1\n');
    expect(told).toContain('pixelcast_carriages_total{result="begun"} 1\n');

    // The same bits, and the same relation of both clocks, as at the origin.
    await waitFor(() => skewOf(home) !== null && skewOf(carried) !== null, {
      timeoutMs: 30_000,
      what: 'sender reports at both',
    });
    const apart = ((skewOf(carried) ?? 0) - (skewOf(home) ?? 0)) % (2 ** 32 / 90);
    expect(Math.abs(apart)).toBeLessThan(80);
    const before = publisher.counts.plis;
    await waitFor(
      () => {
        carried.sendPli();
        return publisher.counts.plis > before;
      },
      { timeoutMs: 20_000, everyMs: 200, what: 'a key frame to be asked for at the publisher' },
    );

    for (const location of locations.slice(1)) await gateway.request('DELETE', location);
    await waitFor(async () => (await clientsOf(gateway, target)) === 0, {
      timeoutMs: 30_000,
      what: 'nothing to be left at the second engine',
    });
    expect(await clientsOf(gateway, origin)).toBe(2);
  },
);

test(
  '[CARRY-21] the second engine is killed: its viewer is told, and nothing is left at the origin',
  { timeout: 120_000 },
  async () => {
    const { gateway, fleet, origin, target, locations } = await aCarriedSource();
    EngineFleet.kill(fleet.named(target));
    await waitFor(async () => (await gateway.request('GET', locations[1] ?? '')).status === 404, {
      timeoutMs: 30_000,
      what: 'the viewer’s session to end',
    });
    await waitFor(async () => (await clientsOf(gateway, origin)) === 2, {
      timeoutMs: 30_000,
      what: 'the carriage to leave the origin',
    });
    expect((await gateway.request('GET', locations[0] ?? '')).status).not.toBe(404);
  },
);
