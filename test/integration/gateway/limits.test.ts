import { once } from 'node:events';
import { connect } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import { LIMITS } from '../../../gateway/limits/limits.ts';
import { aToken } from '../../support/gateway/a-token.ts';
import { sendRaw } from '../../support/gateway/raw-http.ts';
import { problemOf, startGateway } from '../../support/gateway/start-gateway.ts';
import { anOffer } from '../../support/sdp/descriptions.ts';

const OFFER = anOffer('chromium-publish');

/** A refusal takes its time. */
const LATE = { timeout: 20_000 };

/** The head of a WHIP request; `token: null` brings none. */
const aPost = (token: string | null, path = '/whip/demo'): string[] => [
  `POST ${path} HTTP/1.1`,
  'Host: gateway',
  ...(token === null ? [] : [`Authorization: Bearer ${token}`]),
  'Content-Type: application/sdp',
  `Content-Length: ${OFFER.length}`,
  'Connection: close',
];

/** A problem of this code that says when to come again. */
async function expectRefusal(reply: Response, status: number, code: string): Promise<void> {
  expect(reply.status).toBe(status);
  expect(Number(reply.headers.get('retry-after'))).toBeGreaterThan(0);
  expect(await problemOf(reply)).toMatchObject({ code });
}

describe('[HOSTILE-25] a flood without good tokens', () => {
  test('is answered before a byte of the body came', async () => {
    const { gateway, srs } = await startGateway();
    for (const token of [null, 'eyJhbGciOiJIUzI1NiJ9.e30.none']) {
      const { status } = await sendRaw(gateway.url, aPost(token));
      expect(status).toBe(401);
    }
    expect(srs.signalling).toEqual([]);
  });

  test('is 429 before the next token is looked at; known tokens and other addresses pass', async () => {
    const { gateway } = await startGateway({ env: { FAILED_LOGINS_PER_MINUTE: '3' } });
    const known = aToken({ sub: 'known' });
    const from = (address: string, token: string | null, body = OFFER) =>
      sendRaw(gateway.url, aPost(token), body, address);
    expect((await from('127.0.0.2', known)).status).toBe(201);
    for (let index = 0; index < 3; index += 1) {
      expect((await from('127.0.0.2', null, '')).status).toBe(401);
    }
    const newcomer = aToken({ sub: 'known' });
    const refused = async () => (await from('127.0.0.2', newcomer)).status;
    await expect.poll(refused, LATE).toBe(429);
    expect((await from('127.0.0.2', known)).status).toBe(201);
    expect((await from('127.0.0.3', aToken({ sub: 'known' }))).status).toBe(201);
  });

  test('does not keep anybody from ending a session', async () => {
    const { gateway } = await startGateway({ env: { FAILED_LOGINS_PER_MINUTE: '2' } });
    const location = (await gateway.whip()).headers.get('location') ?? '';
    const guess = () => gateway.whip('demo', { token: null });
    await expect.poll(async () => (await guess()).status, LATE).toBe(429);
    expect((await gateway.request('DELETE', location, { token: null })).status).toBe(200);
  });

  test('is not made of expired tokens', async () => {
    const { gateway } = await startGateway({ env: { FAILED_LOGINS_PER_MINUTE: '1' } });
    for (let index = 0; index < 3; index += 1) {
      expect((await gateway.whip('demo', { token: aToken({ seconds: -60 }) })).status).toBe(401);
    }
    expect((await gateway.whip()).status).toBe(201);
  });
});

describe('[HOSTILE-24] offers beyond a budget', () => {
  test.each([
    ['publishes of a user', { SUBJECT_PUBLISHES_PER_MINUTE: '2' }, 'whip', ['a', 'b', 'c']],
    ['viewers of a user', { SUBJECT_OFFERS_PER_MINUTE: '2' }, 'whep', ['a', 'a', 'a']],
    ['offers in a room', { ROOM_OFFERS_PER_MINUTE: '3' }, 'whep', ['demo', 'demo', 'demo']],
    ['writes of an address', { RATE_LIMIT_PER_MINUTE: '3' }, 'whep', ['demo', 'demo', 'demo']],
  ] as const)('%s are 429 and reach no node', async (_, env, kind, rooms) => {
    const { gateway, srs } = await startGateway({
      env: { ...env, WHEP_WITHOUT_PUBLISHER: 'wait' },
    });
    const token = aToken({ room: '*', can: ['admin'] });
    if (rooms[0] === 'demo') await gateway.whip('demo', { token });
    const [first, second, third] = rooms;
    expect((await gateway[kind](first, { token })).status).toBe(201);
    expect((await gateway[kind](second, { token })).status).toBe(201);
    const sent = srs.offers.length;
    await expectRefusal(await gateway[kind](third, { token }), 429, 'rate-limited');
    expect(srs.offers).toHaveLength(sent);
  });

  test('publishers without media: so many of a user, until one is live or gone', async () => {
    const { gateway, srs } = await startGateway({ env: { MAX_HALF_OPEN_PUBLISHES: '2' } });
    const locations: string[] = [];
    for (const source of ['a', 'b']) {
      locations.push((await gateway.whip(`demo/${source}`)).headers.get('location') ?? '');
    }
    await expectRefusal(await gateway.whip('demo/c'), 429, 'too-many-sessions');
    expect((await gateway.whip('demo/c', { token: aToken({ sub: 'ben' }) })).status).toBe(201);
    // The same source anew takes the place of the old.
    expect((await gateway.whip('demo/b')).status).toBe(201);
    await gateway.request('DELETE', locations[0] ?? '');
    expect((await gateway.whip('demo/d')).status).toBe(201);
    srs.connectAll();
    await expect
      .poll(async () => (await gateway.whip('demo/e')).status, { timeout: 20_000 })
      .toBe(201);
  });
});

describe('sessions beyond what there is room for', () => {
  test.each([
    [{ MAX_SESSIONS_PER_SUBJECT: '2' }, 429, 'too-many-sessions'],
    [{ MAX_SESSIONS_PER_ROOM: '2' }, 503, 'capacity'],
    [{ MAX_VIEWERS_PER_ROOM: '1' }, 503, 'capacity'],
    [{ MAX_SESSIONS: '2' }, 503, 'capacity'],
  ])('%j: %i', async (env, status, code) => {
    const { gateway, srs } = await startGateway({ env });
    await gateway.whip();
    const location = (await gateway.whep()).headers.get('location') ?? '';
    const sent = srs.offers.length;
    await expectRefusal(await gateway.whep(), status, code);
    expect(srs.offers).toHaveLength(sent);
    await gateway.request('DELETE', location);
    expect((await gateway.whep()).status).toBe(201);
  });
});

test('[HOSTILE-23] fragments beyond the budget of a session are 429, and the session stays', async () => {
  const { gateway } = await startGateway();
  const opened = await gateway.whip();
  const location = opened.headers.get('location') ?? '';
  const headers = {
    'content-type': 'application/trickle-ice-sdpfrag',
    'if-match': opened.headers.get('etag') ?? '',
  };
  const patch = () =>
    gateway.request('PATCH', location, { headers, body: 'a=end-of-candidates\r\n' });
  const count = LIMITS.fragmentsPerSession + 20;
  const replies = await Promise.all(Array.from({ length: count }, patch));
  const refused = replies.filter(({ status }) => status === 429);
  expect(refused).toHaveLength(20);
  expect(replies.filter(({ status }) => status === 204)).toHaveLength(count - 20);
  await expectRefusal(refused[0] ?? new Response(), 429, 'rate-limited');
  expect((await gateway.request('GET', location)).status).toBe(204);
});

test('[HOSTILE-19] guessed session addresses are all the same 404, then 429', async () => {
  const { gateway } = await startGateway({ env: { RATE_LIMIT_PER_MINUTE: '20' } });
  const guess = (index: number) =>
    gateway.request(index % 2 === 0 ? 'DELETE' : 'PATCH', `/sessions/${'x'.repeat(31)}${index}`, {
      token: null,
    });
  const bodies = new Set<string>();
  for (let index = 0; index < 20; index += 1) {
    const reply = await guess(index % 10);
    expect(reply.status).toBe(404);
    const { request, ...problem } = await problemOf(reply);
    expect(request).toBeTypeOf('string');
    bodies.add(JSON.stringify(problem));
  }
  expect(bodies.size).toBe(1);
  await expectRefusal(await guess(1), 429, 'rate-limited');
});

describe('the head of a request', () => {
  test('[HOSTILE-32] of more headers than anybody sends is 431', async () => {
    const { gateway } = await startGateway();
    const more = (count: number) => Array.from({ length: count }, (_, index) => `X-${index}: a`);
    const head = aPost(aToken());
    const fits = await sendRaw(gateway.url, [...head, ...more(LIMITS.headers - 5)], OFFER);
    expect(fits.status).toBe(201);
    const reply = await sendRaw(gateway.url, [...head, ...more(LIMITS.headers)], OFFER);
    expect(reply.status).toBe(431);
    expect(reply.body).toContain('headers-too-large');
  });

  test('[HOSTILE-02] that announces too large a body is 413 at once, and closes', async () => {
    const { gateway } = await startGateway();
    const head = aPost(aToken()).filter((line) => !/^(Content-Length|Connection)/.test(line));
    const announced = [
      ...head,
      `Content-Length: ${LIMITS.bodyBytes + 1}`,
      'Origin: https://a.example',
    ];
    const reply = await sendRaw(gateway.url, announced);
    expect(reply.status).toBe(413);
    expect(reply.head).toMatch(/^Access-Control-Allow-Origin: \*/im);
  });
});

/** What a client of this address reads that sends so much and waits for the end. */
async function readAll(url: string, text: string, from: string): Promise<string> {
  const socket = connect({
    port: Number(new URL(url).port),
    host: '127.0.0.1',
    localAddress: from,
  });
  onTestFinished(() => void socket.destroy());
  const chunks: Buffer[] = [];
  socket.on('data', (chunk) => chunks.push(chunk));
  socket.on('error', () => undefined);
  socket.write(text);
  await new Promise((resolve) => socket.on('close', resolve));
  return Buffer.concat(chunks).toString();
}

test('[HOSTILE-28] a client that does not wait for answers is cut off', async () => {
  const { gateway } = await startGateway();
  const one = 'GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n';
  const answers = await readAll(gateway.url, one.repeat(500), '127.0.0.1');
  expect(answers.split('HTTP/1.1 200').length - 1).toBeLessThanOrEqual(LIMITS.pipelinedRequests);
  expect((await gateway.request('GET', '/healthz')).status).toBe(200);
});

test('[HOSTILE-26] an address has so many connections, and others are not kept out', async () => {
  const { gateway } = await startGateway({ env: { MAX_CONNECTIONS_PER_ADDRESS: '3' } });
  const port = Number(new URL(gateway.url).port);
  const open = async () => {
    const socket = connect({ port, host: '127.0.0.1', localAddress: '127.0.0.2' });
    onTestFinished(() => void socket.destroy());
    await once(socket, 'connect');
    return socket;
  };
  const sockets = [await open(), await open(), await open()];
  const request = 'GET /healthz HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n';
  expect(await readAll(gateway.url, request, '127.0.0.2')).toBe('');
  expect(await readAll(gateway.url, request, '127.0.0.3')).toContain('200 OK');
  sockets[0]?.destroy();
  await expect
    .poll(async () => await readAll(gateway.url, request, '127.0.0.2'))
    .toContain('200 OK');
});

test('[HOSTILE-36] a thousand clients that never come back leave nothing', async () => {
  const { gateway, srs } = await startGateway({ env: { MAX_HALF_OPEN_PUBLISHES: '1000' } });
  const rooms = Array.from({ length: 1000 }, (_, index) => `room${index}`);
  const token = aToken({ room: '*', can: ['admin'] });
  for (let at = 0; at < rooms.length; at += 50) {
    const some = rooms.slice(at, at + 50);
    const replies = await Promise.all(some.map((room) => gateway.whip(room, { token })));
    expect(replies.every(({ status }) => status === 201)).toBe(true);
  }
  const entries = async (table: string) => {
    const text = await (await gateway.request('GET', '/metrics', { token: null })).text();
    const line = new RegExp(`^pixelcast_table_entries\\{table="${table}"\\} (\\d+)$`, 'm');
    return Number(line.exec(text)?.[1]);
  };
  const patience = { timeout: LIMITS.connectMs + 10_000, interval: 500 };
  await expect.poll(() => entries('sessions'), patience).toBe(0);
  expect(await entries('rooms')).toBe(0);
  expect(await entries('tickets')).toBe(0);
  await expect.poll(() => srs.clients.size, patience).toBe(0);
}, 60_000);
