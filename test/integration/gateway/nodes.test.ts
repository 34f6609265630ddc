import { describe, expect, test } from 'vitest';
import { anAdminToken, aToken } from '../../support/gateway/a-token.ts';
import { startFakeSrs, type CannedAnswer } from '../../support/gateway/fake-srs.ts';
import { srsAnswer } from '../../support/gateway/srs-answer.ts';
import { problemOf, startGateway } from '../../support/gateway/start-gateway.ts';
import { anOffer } from '../../support/sdp/descriptions.ts';

const answer = (text: string, headers: Record<string, string> = {}): CannedAnswer => {
  return (response, location) => {
    response.writeHead(201, { 'content-type': 'application/sdp', location, ...headers });
    response.end(text);
  };
};
const good = srsAnswer(anOffer('chromium-publish'), { publishes: true, ufrag: '7x1o4p20' });

describe('an answer of the node that no SRS would give', () => {
  const cases: readonly (readonly [string, CannedAnswer])[] = [
    ['[HOSTILE-33] 10 MiB', answer('v=0\r\n'.repeat(2_000_000))],
    ['[HOSTILE-33] no CRLF', answer('v=0 '.repeat(100))],
    ['[HOSTILE-33] empty', answer('')],
    ['[HOSTILE-33] no Location', answer(good, { location: '' })],
    [
      '[HOSTILE-33] a Location on another host',
      answer(good, { location: 'http://10.0.0.1/rtc/v1/whip/' }),
    ],
    ['[HOSTILE-33] a Location with blanks', answer(good, { location: '/rtc/v1/whip/?a b' })],
    ['[HOSTILE-33] another type', answer(good, { 'content-type': 'text/html' })],
    [
      '[HOSTILE-33] a redirect',
      (response) => response.writeHead(302, { location: 'http://127.0.0.1:1/' }).end(),
    ],
    [
      '[HOSTILE-33] a line that is no HTTP',
      (response) => void response.socket?.end('HTTP/1.1 201 Created\r\nLocation: /a\r\nX\r\n\r\n'),
    ],
    [
      '[HOSTILE-33] a body that breaks off',
      (response, location) => {
        response.writeHead(201, {
          'content-type': 'application/sdp',
          location,
          'content-length': '5000',
        });
        response.write('v=0\r\n');
        response.socket?.end();
      },
    ],
    ['[HOSTILE-34] other mids', answer(good.replaceAll('a=mid:', 'a=mid:x'))],
    ['[HOSTILE-34] no ICE user name', answer(good.replaceAll(/a=ice-ufrag:.*\r\n/g, ''))],
    ['[HOSTILE-34] setup:actpass', answer(good.replaceAll('a=setup:passive', 'a=setup:actpass'))],
    ['[HOSTILE-34] no candidate', answer(good.replaceAll(/a=candidate:.*\r\n/g, ''))],
    ['[HOSTILE-34] nothing served', answer(good.slice(0, good.indexOf('m=')))],
  ];
  test.each(cases)('%s is 502 or 422, and the session is released there', async (_, canned) => {
    const { gateway, srs } = await startGateway();
    srs.canned.push(canned, canned);
    const reply = await gateway.whip();
    expect([502, 422]).toContain(reply.status);
    expect(JSON.stringify(await problemOf(reply))).not.toMatch(/SRS|rtc|10\.0\.0\.1/);
    await expect.poll(() => srs.clients.size).toBe(0);
    srs.canned.length = 0;
    expect((await gateway.whip()).status).toBe(201);
  });

  test('[HOSTILE-33] a body that never ends is cut off, and SRS asked once more', async () => {
    const { gateway, srs } = await startGateway();
    let timer: NodeJS.Timeout | undefined;
    srs.canned.push((response, location) => {
      response.writeHead(201, { 'content-type': 'application/sdp', location });
      timer = setInterval(() => response.write('v'), 200);
      response.on('close', () => clearInterval(timer));
    });
    const started = performance.now();
    expect((await gateway.whip()).status).toBe(201);
    expect(performance.now() - started).toBeLessThan(10_000);
    expect(srs.offers).toHaveLength(2);
  });
});

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
  await expect.poll(async () => (await gateway.whip()).status, { timeout: 5000 }).toBe(201);
});

test('a node that restarts loses its sessions here within 2 s, and serves new ones', async () => {
  const { gateway, srs } = await startGateway();
  const location = (await gateway.whip()).headers.get('location') ?? '';
  srs.restart();
  const over = async () => (await gateway.request('GET', location)).status;
  await expect.poll(over, { timeout: 2000 }).toBe(404);
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
    .poll(room, { timeout: 4000 })
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
  for (const room of ['two', 'two']) await gateway.whep(room, { token: anAdminToken() });
  expect([first.offers.length, second.offers.length]).toEqual([1, 3]);
});
