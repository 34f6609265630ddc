import { describe, expect, test } from 'vitest';
import { anAdminToken, aToken } from '../../support/gateway/a-token.ts';
import { startFakeSrs } from '../../support/gateway/fake-srs.ts';
import { problemOf, startGateway } from '../../support/gateway/start-gateway.ts';

describe.each(['6', '7'] as const)('a node of the line %s', (line) => {
  test('that denies by its own means is 502, the name is free at once', async () => {
    const srs = await startFakeSrs({ line });
    const { gateway } = await startGateway({ srs });
    srs.canned.push(
      (response) => srs.refuse(response, 500, '5012: RtcSdpDecode'),
      (response) => srs.refuse(response, 500, '5012: RtcSdpDecode'),
    );
    const reply = await gateway.whip();
    expect(reply.status).toBe(502);
    expect(await problemOf(reply)).toMatchObject({ code: 'upstream-rejected' });
    await expect.poll(() => srs.clients.size).toBe(0);
    srs.canned.length = 0;
    expect((await gateway.whip()).status).toBe(201);
  });

  test('[P1] [P15] with a zombie on the name is cleared and asked once more', async () => {
    const srs = await startFakeSrs({ line });
    const { gateway } = await startGateway({ srs });
    const zombie = srs.plant({ kind: 'publish', app: 'demo', stream: 'main' });
    expect((await gateway.whip()).status).toBe(201);
    expect(srs.kicked).toContain(zombie.id);
    expect(srs.offers).toHaveLength(2);
  });

  test('[P1] a zombie that cannot be removed is a refusal, after two offers', async () => {
    const srs = await startFakeSrs({ line });
    const { gateway } = await startGateway({ srs });
    srs.plant({ kind: 'publish', app: 'demo', stream: 'main' });
    Object.defineProperty(srs.clients, 'delete', { value: () => false });
    const reply = await gateway.whip();
    const wanted = line === '7' ? [409, 'source-busy'] : [502, 'upstream-rejected'];
    expect([reply.status, (await problemOf(reply))['code']]).toEqual(wanted);
    expect(srs.offers).toHaveLength(2);
  });

  test('says whom the hook refused in one code', async () => {
    const srs = await startFakeSrs({ line });
    const { gateway } = await startGateway({ srs });
    await gateway.whip();
    srs.hooks = { url: srs.hooks?.url ?? '', secret: 'wrong' };
    const reply = await gateway.whep();
    expect(reply.status).toBe(502);
    expect(await problemOf(reply)).toMatchObject({ code: 'upstream-rejected' });
  });
});

test('7.x: 400 is 422, since the offer passed here and not there', async () => {
  const srs = await startFakeSrs({ line: '7' });
  const { gateway } = await startGateway({ srs });
  srs.canned.push((response) => srs.refuse(response, 400, '5018: RtcSdpNegotiate'));
  const reply = await gateway.whip();
  expect(reply.status).toBe(422);
  expect(await problemOf(reply)).toMatchObject({ code: 'offer-unacceptable' });
});

test('a node that answers without its hook is 502 and the session released', async () => {
  const { gateway, srs } = await startGateway();
  srs.hooks = null;
  const reply = await gateway.whip();
  expect(reply.status).toBe(502);
  expect(await problemOf(reply)).toMatchObject({ code: 'upstream-rejected' });
  expect(srs.clients.size).toBe(0);
  expect(srs.deletions.length).toBeGreaterThan(0);
});

test('a node that is away is 503 with Retry-After, and comes back by itself', async () => {
  const { gateway, srs } = await startGateway();
  srs.away = true;
  await expect.poll(async () => (await gateway.whip()).status).toBe(503);
  const reply = await gateway.whip();
  expect(reply.headers.get('retry-after')).toBe('2');
  srs.away = false;
  await expect.poll(async () => (await gateway.whip()).status, { timeout: 20_000 }).toBe(201);
});

test('a node that restarts loses its sessions here within 2 s, and serves new ones', async () => {
  const { gateway, srs } = await startGateway();
  const location = (await gateway.whip()).headers.get('location') ?? '';
  srs.restart();
  const over = async () => (await gateway.request('GET', location)).status;
  await expect.poll(over, { timeout: 15_000 }).toBe(404);
  const problem = await problemOf(await gateway.request('GET', location));
  expect(problem).toMatchObject({ reason: 'node-lost' });
  expect((await gateway.whip()).status).toBe(201);
});

test('a publisher is shown live when the node says that media flows', async () => {
  const { gateway, srs } = await startGateway();
  await gateway.whip();
  const room = () => gateway.json('/api/v1/rooms/demo', aToken());
  expect(await room()).toMatchObject({ sources: [{ source: 'main', live: false }] });
  srs.connectAll();
  await expect
    .poll(room, { timeout: 15_000 })
    .toMatchObject({ sources: [{ live: true, video: 'h264', audio: 'opus', viewers: 0 }] });
});

test('of two nodes the less loaded one is used, and viewers go where the source is', async () => {
  const [first, second] = [await startFakeSrs(), await startFakeSrs()];
  second.service = 'service-of-the-second';
  const { gateway } = await startGateway({
    srs: first,
    env: { SRS_NODES: `${first.url},${second.url}` },
  });
  second.hooks = first.hooks;
  await gateway.whip('one', { token: anAdminToken() });
  await gateway.whip('two', { token: anAdminToken() });
  expect([first.offers.length, second.offers.length]).toEqual([1, 1]);
  const where = second.offers.some(({ url }) => url.includes('app=two')) ? second : first;
  for (const room of ['two', 'two']) await gateway.whep(room, { token: anAdminToken() });
  expect(where.offers).toHaveLength(3);
  expect([first.offers.length, second.offers.length].toSorted()).toEqual([1, 3]);
});
