import { expect, test } from 'vitest';
import { anAdminToken, aToken } from '../../support/gateway/a-token.ts';
import {
  problemOf,
  startGateway,
  type GatewayUnderTest,
} from '../../support/gateway/start-gateway.ts';
import { anOffer } from '../../support/sdp/descriptions.ts';

const ENGINE_LOGIN = `Basic ${Buffer.from('gateway:node-password').toString('base64')}`;

/** A gateway without SRS, and the address of the engine that it started. */
async function startWithEngine() {
  const { gateway } = await startGateway({
    srs: null,
    env: { MEDIA_PORT: '0', LOG_LEVEL: 'silent' },
  });
  const nodes = await gateway.json('/api/v1/nodes', anAdminToken());
  const [own] = (nodes as { items: { node: string }[] }).items;
  return { gateway, engine: `http://${own?.node ?? ''}` };
}

async function askEngine(engine: string, path: string): Promise<Record<string, unknown>> {
  const reply = await fetch(engine + path, { headers: { authorization: ENGINE_LOGIN } });
  return (await reply.json()) as Record<string, unknown>;
}

const clientsOf = async (engine: string): Promise<unknown[]> =>
  (await askEngine(engine, '/api/v1/clients/'))['clients'] as unknown[];

const locationOf = (reply: Response): string => reply.headers.get('location') ?? '';

async function statusOf(gateway: GatewayUnderTest, location: string): Promise<number> {
  return (await gateway.request('GET', location)).status;
}

test('publish and watch are confirmed by hooks, listed at the engine, and end there', async () => {
  const { gateway, engine } = await startWithEngine();
  const [published, watched] = [await gateway.whip(), await gateway.whep()];
  expect([published.status, watched.status]).toEqual([201, 201]);
  expect(await published.text()).toMatch(/^a=candidate:\S+ 1 udp \d+ \S+ \d+ typ host/m);
  expect(await clientsOf(engine)).toHaveLength(2);
  for (const reply of [watched, published]) {
    expect((await gateway.request('DELETE', locationOf(reply))).status).toBe(200);
  }
  await expect.poll(() => clientsOf(engine)).toEqual([]);
});

test('the engine carries VP8 and takes offers without a=ssrc, which the gateway finds out', async () => {
  const { gateway } = await startWithEngine();
  const offer = anOffer('chromium-publish-vp8').replaceAll(/a=ssrc.*\r\n/g, '');
  expect((await gateway.whip('demo', { offer })).status).toBe(201);
  const room = await gateway.json('/api/v1/rooms/demo', aToken());
  expect(room).toMatchObject({ sources: [{ video: 'vp8', audio: 'opus' }] });
});

test('[P15] a takeover leaves one publisher at the engine', async () => {
  const { gateway, engine } = await startWithEngine();
  for (let times = 0; times < 3; times += 1) expect((await gateway.whip()).status).toBe(201);
  await expect.poll(() => clientsOf(engine)).toHaveLength(1);
});

test('a client that goes to the engine directly is refused, and the name is free at once', async () => {
  const { gateway, engine } = await startWithEngine();
  const direct = await fetch(`${engine}/rtc/v1/whip/?app=demo&stream=main`, {
    method: 'POST',
    headers: { 'content-type': 'application/sdp' },
    body: anOffer('chromium-publish'),
  }).then(
    ({ status }) => status,
    () => 'closed',
  );
  expect(direct).not.toBe(201);
  expect((await gateway.whip()).status).toBe(201);
});

test('the engine killed: the gateway answers, sessions end node-lost, a new one starts', async () => {
  const { gateway, engine } = await startWithEngine();
  const location = locationOf(await gateway.whip());
  const { pid } = await askEngine(engine, '/api/v1/versions');
  process.kill(Number(pid), 'SIGKILL');
  expect((await gateway.request('GET', '/healthz')).status).toBe(200);
  await expect
    .poll(async () => (await gateway.whip('demo/camera')).status, { timeout: 15_000 })
    .toBe(201);
  await expect.poll(() => statusOf(gateway, location), { timeout: 15_000 }).toBe(404);
  const over = await problemOf(await gateway.request('GET', location));
  expect(over).toMatchObject({ reason: 'node-lost' });
});

test('a stop ends the engine as well', async () => {
  const { gateway, engine } = await startWithEngine();
  await gateway.whip();
  await gateway.close();
  await expect(fetch(`${engine}/api/v1/versions`)).rejects.toThrow();
});
