import { createClient } from 'redis';
import { expect, onTestFinished, test } from 'vitest';
import { aToken, anAdminToken } from '../../../support/gateway/a-token.ts';
import { aClusterProcess } from '../../../support/gateway/cluster-gateways.ts';
import { EngineFleet } from '../../../support/gateway/engine-fleet.ts';
import { freeTcpPort } from '../../../support/net/free-port.ts';
import { startRedis } from '../../../support/redis/start-redis.ts';
import { RtpPublisher } from '../../../support/rtc/rtp-publisher.ts';
import { RtpViewer } from '../../../support/rtc/rtp-viewer.ts';
import { waitFor } from '../../../support/wait-for.ts';

/** Longer than an offer may be under way. */
const UNDER_WAY_MS = 60_000;

/** Offers to a gateway; `path` is where the last session is. */
function joinAt(url: string, kind: 'whip' | 'whep') {
  const joined = { path: '' };
  const exchange = async (offer: string): Promise<string> => {
    const reply = await fetch(`${url}/${kind}/demo`, {
      method: 'POST',
      headers: { 'content-type': 'application/sdp', authorization: `Bearer ${aToken()}` },
      body: offer,
    });
    expect(reply.status).toBe(201);
    joined.path = new URL(reply.headers.get('location') ?? '', url).pathname;
    return await reply.text();
  };
  return Object.assign(joined, { exchange });
}

/** Clients of all nodes by their own count, as a gateway reads it. */
async function clientsOf(url: string): Promise<number> {
  const headers = { authorization: `Bearer ${anAdminToken()}` };
  const nodes = (await (await fetch(`${url}/api/v1/nodes`, { headers })).json()) as {
    items: { node: string }[];
  };
  const lists = nodes.items.map(async ({ node }) => {
    const path = `/api/v1/nodes/${encodeURIComponent(node)}/clients`;
    return ((await (await fetch(url + path, { headers })).json()) as { items: unknown[] }).items;
  });
  return (await Promise.all(lists)).flat().length;
}

/** How long clients at nodes are still said to be some gateway's, milliseconds. */
async function claimsIn(url: string): Promise<readonly number[]> {
  const client = createClient({ url });
  await client.connect();
  const keys = await client.keys('pixelcast:cluster:v1:place:*');
  const lives = await Promise.all(keys.map((key) => client.pTTL(key)));
  client.destroy();
  return lives;
}

test('[CARRY-23] the ends of a carriage are their gateway’s for all others, and go with it: its viewer is told', async () => {
  const [redis, fleet] = [await startRedis(), await EngineFleet.start(2)];
  onTestFinished(() => fleet.close());
  const { SRS_NODES = '', ...settings } = { ...fleet.settings, NODE_MAX_SESSIONS: '3' };
  const [one, two] = await Promise.all([
    aClusterProcess(SRS_NODES, redis.url, settings),
    aClusterProcess(SRS_NODES, redis.url, { ...settings, PORT: String(await freeTcpPort()) }),
  ]);
  const published = joinAt(one.url, 'whip');
  const publisher = await RtpPublisher.connect(published.exchange, { video: 'VP8' });
  onTestFinished(() => publisher.close());
  const [beside, carried] = [joinAt(one.url, 'whep'), joinAt(one.url, 'whep')];
  for (const { exchange } of [beside, carried]) {
    const viewer = await RtpViewer.connect(exchange);
    onTestFinished(() => viewer.close());
    await waitFor(() => viewer.video.keyframes > 0, { timeoutMs: 30_000, what: 'a picture' });
  }
  expect(await clientsOf(two.url)).toBe(5);
  await waitFor(
    async () => (await claimsIn(redis.url)).filter((ms) => ms > UNDER_WAY_MS).length === 5,
    { timeoutMs: 10_000, what: 'five clients to be claimed for long' },
  );

  await one.kill();
  const statusAt = async (path: string): Promise<number> => (await fetch(two.url + path)).status;
  await waitFor(async () => (await statusAt(published.path)) === 204, {
    timeoutMs: 30_000,
    what: 'the other gateway to go on with the room',
  });
  await waitFor(async () => (await statusAt(carried.path)) === 404, {
    timeoutMs: 30_000,
    what: 'the carried viewer to be told',
  });
  expect(await statusAt(beside.path)).toBe(204);
  await waitFor(async () => (await clientsOf(two.url)) === 2, {
    timeoutMs: 60_000,
    what: 'the nodes to have the publisher and one viewer alone',
  });
}, 180_000);
