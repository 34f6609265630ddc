import { expect, test } from 'vitest';
import { anAdminToken, aToken } from '../../support/gateway/a-token.ts';
import { startFakeSrs } from '../../support/gateway/fake-srs.ts';
import { startGateway } from '../../support/gateway/start-gateway.ts';

const candidatesOf = async (reply: Response): Promise<string[]> => {
  expect(reply.status).toBe(201);
  return [...(await reply.text()).matchAll(/^a=candidate:\d+ 1 (udp \d+ \S+ \d+)/gm)].map(
    ([, found = '']) => found.replace(/ \d+ /, ' '),
  );
};
const nodesOf = async (gateway: { json(path: string, token: string): Promise<unknown> }) =>
  ((await gateway.json('/api/v1/nodes', anAdminToken())) as { items: Record<string, unknown>[] })
    .items;

test('[ADDR-04] clients get the announced addresses in place of the node’s', async () => {
  const MEDIA_CANDIDATE = '203.0.113.7,[2001:db8::7]:9000';
  const { gateway, srs } = await startGateway({ env: { MEDIA_CANDIDATE } });
  const expected = ['udp 203.0.113.7 8000', 'udp 2001:db8::7 9000'];
  expect(await candidatesOf(await gateway.whip())).toEqual(expected);
  expect(await candidatesOf(await gateway.whep())).toEqual(expected);
  // A parameter would only add to what SRS announces (srs.md §3.1).
  expect(srs.offers.map(({ url }) => /eip|candidate/.test(url))).toEqual([false, false]);
  expect(await nodesOf(gateway)).toMatchObject([
    {
      addresses: {
        configured: true,
        announced: ['203.0.113.7:8000', '[2001:db8::7]:9000'],
        remarks: [],
      },
    },
  ]);
});

test('[ADDR-02] each of several nodes has its own', async () => {
  const [first, second] = [await startFakeSrs(), await startFakeSrs()];
  second.service = 'service-of-the-second';
  const { gateway } = await startGateway({
    srs: first,
    env: { SRS_NODES: `${first.url},${second.url}`, MEDIA_CANDIDATE: '203.0.113.7;203.0.113.8' },
  });
  second.hooks = first.hooks;
  const token = anAdminToken();
  const one = await candidatesOf(await gateway.whip('one', { token }));
  const two = await candidatesOf(await gateway.whip('two', { token }));
  // The second goes where the first is not; which one that is, is drawn by lot.
  expect([...one, ...two].toSorted()).toEqual(['udp 203.0.113.7 8000', 'udp 203.0.113.8 8000']);
});

test('[ADDR-05] an address that clients cannot reach is told at the start', async () => {
  const { gateway } = await startGateway({
    env: {
      MEDIA_CANDIDATE: '172.17.0.2',
      PUBLIC_URL: 'https://cast.example.org',
      TRUSTED_PROXIES: '127.0.0.1',
    },
  });
  const told = () => gateway.lines.filter(({ fault }) => fault === 'container');
  await expect.poll(() => told().length).toBe(1);
  expect(told()[0]?.msg).toMatch(/^172\.17\.0\.2 .*MEDIA_CANDIDATE/);
  const metrics = await gateway.request('GET', '/metrics', { token: anAdminToken() });
  expect(await metrics.text()).toContain('pixelcast_media_address_remarks{fault="container"} 1');
});

test('[ADDR-05] a node that announces a container is told of when somebody comes from outside', async () => {
  const { gateway } = await startGateway({ env: { TRUSTED_PROXIES: '127.0.0.1' } });
  const headers = { 'x-forwarded-for': '198.51.100.4', 'x-forwarded-proto': 'https' };
  expect((await gateway.whip('demo', { headers })).status).toBe(201);
  expect(await nodesOf(gateway)).toMatchObject([
    { addresses: { configured: false, remarks: [{ fault: 'loopback-only' }] } },
  ]);
  expect(gateway.lines.filter(({ fault }) => fault !== undefined)).toHaveLength(1);
});

test('[ADDR-08] announced addresses are tried when an administrator asks, and by nobody else', async () => {
  const MEDIA_CANDIDATE = '127.0.0.1,127.0.0.1:9';
  const { gateway } = await startGateway({ srs: null, env: { MEDIA_PORT: '0', MEDIA_CANDIDATE } });
  const path = '/api/v1/nodes/probe';
  expect((await gateway.request('POST', path, { token: null })).status).toBe(401);
  expect((await gateway.request('POST', path, { token: aToken() })).status).toBe(403);
  const reply = await gateway.request('POST', path, { token: anAdminToken() });
  expect(await reply.json()).toMatchObject({
    items: [{ addresses: { probes: [{ reachable: true, error: null }, { reachable: false }] } }],
  });
  expect(await nodesOf(gateway)).toMatchObject([{ sessions: 0 }]);
  const metrics = await gateway.request('GET', '/metrics', { token: anAdminToken() });
  expect(await metrics.text()).toContain('pixelcast_media_addresses_probed{reachable="no"} 1');
});

test('[ADDR-08] the embedded engine is tried by itself at the start', async () => {
  const env = { MEDIA_PORT: '0', MEDIA_CANDIDATE: '127.0.0.1', ICE_PROBE_SECONDS: '600' };
  const { gateway } = await startGateway({ srs: null, env });
  await expect
    .poll(() => nodesOf(gateway), { timeout: 15_000 })
    .toMatchObject([{ addresses: { probes: [{ reachable: true }] } }]);
});
