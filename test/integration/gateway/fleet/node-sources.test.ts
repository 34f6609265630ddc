import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { NodeView } from '../../../../gateway/protocol/api/nodes.ts';
import { anAdminToken, aToken } from '../../../support/gateway/a-token.ts';
import { startFakeSrs, type FakeSrs } from '../../../support/gateway/fake-srs.ts';
import { aHeartbeat } from '../../../support/gateway/srs-heartbeats.ts';
import {
  aFolder,
  HOOK_SECRET,
  problemOf,
  startGateway,
  type GatewayUnderTest,
} from '../../../support/gateway/start-gateway.ts';

const TIMEOUT = { timeout: 20_000 };
const NONE = { SRS_NODES: '' };

async function nodesOf(gateway: GatewayUnderTest): Promise<NodeView[]> {
  const { items } = (await gateway.json('/api/v1/nodes', anAdminToken())) as { items: NodeView[] };
  return items;
}

const hostOf = ({ url }: FakeSrs): string => new URL(url).host;
const portOf = ({ url }: FakeSrs): string => new URL(url).port;
const readyz = (gateway: GatewayUnderTest) => gateway.request('GET', '/readyz', { token: null });

function hooksTo(gateway: GatewayUnderTest, srs: FakeSrs): void {
  srs.hooks = { url: `${gateway.url}/api/srs`, secret: encodeURIComponent(HOOK_SECRET) };
}

/** A heartbeat as SRS sends it. */
const beat = (
  gateway: GatewayUnderTest,
  body: unknown,
  {
    secret = HOOK_SECRET,
    headers = {},
  }: { secret?: string; headers?: Record<string, string> } = {},
): Promise<Response> =>
  gateway.request('POST', `/api/srs/${encodeURIComponent(secret)}/heartbeat`, {
    token: null,
    headers: { 'content-type': 'application/json', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });

describe('[NODE-37] a gateway without nodes that takes heartbeats', () => {
  const env = { SRS_HEARTBEAT: 'on', ...NONE };

  test('starts without the engine, says what is missing, and serves once a server made itself known', async () => {
    const { gateway } = await startGateway({ srs: null, env });
    const waiting = await readyz(gateway);
    expect(waiting.status).toBe(503);
    expect(await waiting.json()).toEqual({
      ready: false,
      reasons: ['No media server is known yet: no heartbeat of SRS has come.'],
    });
    expect((await gateway.whip()).status).toBe(503);
    const srs = await startFakeSrs();
    hooksTo(gateway, srs);
    const taken = await beat(gateway, aHeartbeat(portOf(srs), srs.service));
    expect([taken.status, await taken.text()]).toEqual([200, '0']);
    await expect.poll(async () => (await readyz(gateway)).status, TIMEOUT).toBe(200);
    expect(await nodesOf(gateway)).toMatchObject([
      { node: hostOf(srs), origin: 'heartbeat', hold: null, healthy: true },
    ]);
    expect((await gateway.whip()).status).toBe(201);
  });

  test('takes none without the secret, through a proxy, of another address, of another run, or that is no heartbeat', async () => {
    const { gateway } = await startGateway({ srs: null, env });
    const srs = await startFakeSrs();
    const good = aHeartbeat(portOf(srs), srs.service);
    const refused = [
      await beat(gateway, good, { secret: 'wrong' }),
      await beat(gateway, good, { headers: { 'x-forwarded-for': '10.0.0.7' } }),
      await beat(gateway, { ...good, api: ['10.0.0.7:1985'] }),
      await beat(gateway, { ...good, service: 'another-run' }),
    ];
    for (const reply of refused) {
      expect(reply.status).toBe(403);
      expect(await problemOf(reply)).toMatchObject({ code: 'scope-insufficient' });
    }
    for (const body of ['{', '[]', '{"api":["1985"]}', { ...good, api: ['x:1/../y'] }, 'null']) {
      expect((await beat(gateway, body)).status).toBe(400);
    }
    expect((await beat(gateway, { ...good, pad: 'x'.repeat(20_000) })).status).toBe(413);
    expect(await nodesOf(gateway)).toEqual([]);
    const log = JSON.stringify(gateway.lines);
    for (const secret of [HOOK_SECRET, encodeURIComponent(HOOK_SECRET), 'node-password']) {
      expect(log).not.toContain(secret);
    }
  });

  test('asks nobody for the password before the secret and the address are right', async () => {
    const { gateway } = await startGateway({ srs: null, env });
    const srs = await startFakeSrs();
    await beat(gateway, aHeartbeat(portOf(srs), srs.service), { secret: 'wrong' });
    await beat(gateway, aHeartbeat(`10.0.0.7:${portOf(srs)}`, srs.service));
    expect(srs.seen).toEqual([]);
  });
});

test('[NODE-37] heartbeats are not taken unless they are wanted', async () => {
  const { gateway, srs } = await startGateway();
  const reply = await beat(gateway, aHeartbeat(portOf(srs), srs.service));
  expect(reply.status).toBe(404);
});

test('[NODE-37] heartbeats come from allowed networks alone', async () => {
  const env = { SRS_HEARTBEAT: 'on', SRS_HEARTBEAT_ALLOWED_ADDRESSES: '192.0.2.0/24', ...NONE };
  const trusted = { ...env, TRUSTED_PROXIES: '127.0.0.1' };
  const { gateway } = await startGateway({ srs: null, env: trusted });
  const srs = await startFakeSrs();
  const from = (address: string) =>
    beat(gateway, aHeartbeat(portOf(srs), srs.service), {
      headers: { 'x-forwarded-for': address, 'x-forwarded-proto': 'https' },
    });
  const reply = await from('10.0.0.7');
  expect(reply.status).toBe(403);
  expect(await problemOf(reply)).toMatchObject({
    detail: expect.stringMatching(/this address/) as string,
  });
});

describe('[NODE-38] the list in SRS_NODES_FILE', () => {
  test('is followed while the gateway runs, and a list that cannot be used changes nothing', async () => {
    const [first, second] = [await startFakeSrs(), await startFakeSrs()];
    second.service = 'service-of-the-second';
    const path = join(aFolder(), 'nodes.json');
    const write = (content: unknown) =>
      writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
    const { gateway } = await startGateway({ srs: null, env: { SRS_NODES_FILE: path, ...NONE } });
    expect(await (await readyz(gateway)).json()).toMatchObject({
      reasons: ['SRS_NODES_FILE cannot be used: it cannot be read.'],
    });
    write([first.url, { url: second.url, maxSessions: 7 }]);
    const names = async () => (await nodesOf(gateway)).map(({ node }) => node);
    await expect.poll(names, TIMEOUT).toEqual([hostOf(first), hostOf(second)]);
    expect((await nodesOf(gateway))[1]).toMatchObject({ origin: 'file', load: { maxSessions: 7 } });
    await expect.poll(async () => (await readyz(gateway)).status, TIMEOUT).toBe(200);
    write('[{"url": "http://u:a-password@x:1"}]');
    const told = () => gateway.lines.filter(({ msg }) => /cannot be used/.test(msg));
    await expect.poll(() => told().length, TIMEOUT).toBe(2);
    expect(JSON.stringify(told())).not.toContain('a-password');
    expect(await names()).toHaveLength(2);
    write({ nodes: [first.url] });
    await expect.poll(names, TIMEOUT).toEqual([hostOf(first)]);
  });
});

test('[NODE-40] a node whose API is well and that lets no session in takes new sources last', async () => {
  const [good, broken] = [await startFakeSrs(), await startFakeSrs()];
  broken.service = 'service-of-the-broken';
  const SRS_NODES = `${broken.url},${good.url}`;
  const { gateway } = await startGateway({ srs: good, env: { SRS_NODES } });
  const probe = async () => {
    const path = '/api/v1/nodes/probe';
    expect((await gateway.request('POST', path, { token: anAdminToken() })).status).toBe(200);
  };
  await probe();
  await probe();
  for (const room of ['one', 'two', 'three']) {
    expect((await gateway.whip(room, { token: anAdminToken() })).status).toBe(201);
  }
  expect(good.clients.size).toBe(3);
  expect(await nodesOf(gateway)).toMatchObject([
    { healthy: true, trialError: expect.any(String) as string },
    { healthy: true, trialError: null },
  ]);
  hooksTo(gateway, broken);
  await probe();
  expect((await gateway.whip('four', { token: anAdminToken() })).status).toBe(201);
  expect(broken.clients.size).toBe(1);
});

describe('[NODE-39] POST /api/v1/nodes', () => {
  const add = (gateway: GatewayUnderTest, body: unknown, token = anAdminToken()) =>
    gateway.request('POST', '/api/v1/nodes', {
      token,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });

  test('makes a server known, which serves and calls hooks at once', async () => {
    const { gateway, srs } = await startGateway();
    const second = await startFakeSrs();
    second.service = 'service-of-the-second';
    hooksTo(gateway, second);
    const added = await add(gateway, { url: second.url, maxMbps: 100 });
    expect(added.status).toBe(201);
    expect(await added.json()).toMatchObject({
      ...{ node: hostOf(second), origin: 'api', duty: 'serving' },
      load: { maxBitrate: 100_000_000 },
    });
    await expect
      .poll(async () => (await nodesOf(gateway)).every(({ healthy }) => healthy), TIMEOUT)
      .toBe(true);
    const node = encodeURIComponent(hostOf(srs));
    await gateway.request('POST', `/api/v1/nodes/${node}/cordon`, { token: anAdminToken() });
    expect((await gateway.whip()).status).toBe(201);
    expect(second.clients.size).toBe(1);
    const audit = async () => JSON.stringify(await gateway.json('/api/v1/audit', anAdminToken()));
    await expect.poll(audit, TIMEOUT).toContain('node-added');
  });

  test('refuses what is known, what is no address, and whoever does not administer all', async () => {
    const { gateway, srs } = await startGateway();
    expect((await add(gateway, { url: srs.url })).status).toBe(409);
    for (const body of [
      ...[{}, { url: 'ftp://x' }, { url: 'http://u:p@x:1' }, { url: 'http://x:1/?q' }],
      ...[
        { url: 'http://x:1', announced: ['not an address'] },
        { url: 'http://x:1', more: 1 },
      ],
      ...[
        { url: 'http://x:1', maxSessions: 0 },
        { url: 'http://x:1', user: 'a:b' },
      ],
    ]) {
      expect((await add(gateway, body)).status, JSON.stringify(body)).toBe(400);
    }
    const refused = await add(gateway, { url: 'http://x:1' }, aToken({ can: ['admin'] }));
    expect(refused.status).toBe(403);
    expect(await nodesOf(gateway)).toHaveLength(1);
  });
});
