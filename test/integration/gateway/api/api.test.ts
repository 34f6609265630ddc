import { describe, expect, test } from 'vitest';
import { anAdminToken, aToken } from '../../../support/gateway/a-token.ts';
import {
  problemOf,
  startGateway,
  type GatewayUnderTest,
} from '../../../support/gateway/start-gateway.ts';

interface Items {
  readonly items: readonly Readonly<Record<string, unknown>>[];
}

const list = async (gateway: GatewayUnderTest, path: string, token: string) =>
  ((await gateway.json(path, token)) as Items).items;

function mint(gateway: GatewayUnderTest, body: object, token = anAdminToken()): Promise<Response> {
  return gateway.request('POST', '/api/v1/tokens', {
    token,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
}

describe('tokens', () => {
  test('an admin mints one that works, for as long as was asked', async () => {
    const { gateway } = await startGateway();
    const reply = await mint(gateway, {
      sub: 'cy',
      room: 'demo',
      can: ['publish'],
      ttlSeconds: 60,
    });
    expect(reply.status).toBe(201);
    const { token, expiresAt } = (await reply.json()) as { token: string; expiresAt: number };
    expect(expiresAt - Date.now()).toBeGreaterThan(55_000);
    expect(expiresAt - Date.now()).toBeLessThanOrEqual(60_000);
    expect((await gateway.whip('demo', { token })).status).toBe(201);
    expect((await gateway.whep('demo', { token })).status).toBe(403);
  });

  test('the admin of a room gives neither another room nor a longer life', async () => {
    const { gateway } = await startGateway();
    const token = aToken({ can: ['admin'], seconds: 120 });
    const other = await mint(gateway, { sub: 'cy', room: 'other', can: ['watch'] }, token);
    expect(other.status).toBe(403);
    const all = await mint(gateway, { sub: 'cy', room: '*', can: ['admin'] }, token);
    expect(all.status).toBe(403);
    const own = await mint(gateway, { sub: 'cy', room: 'demo', can: ['watch'] }, token);
    const { expiresAt } = (await own.json()) as { expiresAt: number };
    expect(expiresAt - Date.now()).toBeLessThanOrEqual(120_000);
  });

  test('what a global admin gives may outlive its own token, but not the right to mint', async () => {
    const { gateway } = await startGateway();
    const token = aToken({ room: '*', can: ['admin'], seconds: 120 });
    const lifeOf = async (can: string[]): Promise<number> => {
      const reply = await mint(gateway, { sub: 'cy', room: 'demo', can, ttlSeconds: 3600 }, token);
      const { expiresAt } = (await reply.json()) as { expiresAt: number };
      return expiresAt - Date.now();
    };
    expect(await lifeOf(['publish'])).toBeGreaterThan(3_000_000);
    expect(await lifeOf(['admin'])).toBeLessThanOrEqual(120_000);
  });

  test.each([
    ['nobody', null, 401],
    ['who may publish', aToken(), 403],
    [
      'who may do all but administer',
      aToken({ can: ['publish', 'watch', 'control', 'host'] }),
      403,
    ],
  ])('%s mints nothing', async (_, token, status) => {
    const { gateway } = await startGateway();
    const reply = await gateway.request('POST', '/api/v1/tokens', { token, body: '{}' });
    expect(reply.status).toBe(status);
  });

  test.each([
    ['no subject', { room: 'demo', can: ['watch'] }],
    ['no right', { sub: 'cy', room: 'demo', can: [] }],
    ['an unknown right', { sub: 'cy', room: 'demo', can: ['fly'] }],
    ['a bad room', { sub: 'cy', room: 'a/b', can: ['watch'] }],
    ['all rooms without admin', { sub: 'cy', room: '*', can: ['watch'] }],
    ['a short life', { sub: 'cy', room: 'demo', can: ['watch'], ttlSeconds: 1 }],
    ['a long life', { sub: 'cy', room: 'demo', can: ['watch'], ttlSeconds: 1e9 }],
  ])('%s is 400 that names the member', async (_, body) => {
    const { gateway } = await startGateway();
    const reply = await mint(gateway, body);
    expect(reply.status).toBe(400);
    expect(await problemOf(reply)).toMatchObject({ code: 'bad-request' });
  });

  test('[HOSTILE-40] members that would reach the prototype give nothing', async () => {
    const { gateway } = await startGateway();
    const body = '{"sub":"cy","room":"demo","can":["watch"],"__proto__":{"can":["admin"]}}';
    const reply = await gateway.request('POST', '/api/v1/tokens', {
      token: anAdminToken(),
      headers: { 'content-type': 'application/json' },
      body,
    });
    const { token } = (await reply.json()) as { token: string };
    expect((await gateway.request('GET', '/api/v1/sessions', { token })).status).toBe(403);
  });
});

describe('rooms', () => {
  test('whoever has a grant there sees its sources', async () => {
    const { gateway } = await startGateway();
    await gateway.whip();
    await gateway.whep();
    expect(await gateway.json('/api/v1/rooms/demo', aToken({ can: ['watch'] }))).toEqual({
      room: 'demo',
      sources: [
        {
          source: 'main',
          live: false,
          transports: [],
          viewers: 1,
          video: 'h264',
          audio: 'opus',
          sinceMs: null,
        },
      ],
      recording: false,
      unrecorded: [],
    });
  });

  test('an empty room is empty, not missing', async () => {
    const { gateway } = await startGateway();
    const room = await gateway.json('/api/v1/rooms/demo', aToken());
    expect(room).toEqual({ room: 'demo', sources: [], recording: false, unrecorded: [] });
  });

  test('another room’s grant is 403, none is 401, a bad name is 404', async () => {
    const { gateway } = await startGateway();
    const status = async (path: string, token: string | null) =>
      (await gateway.request('GET', path, { token })).status;
    expect(await status('/api/v1/rooms/other', aToken())).toBe(403);
    expect(await status('/api/v1/rooms/demo', null)).toBe(401);
    expect(await status('/api/v1/rooms/a.b', aToken())).toBe(404);
  });

  test('the list holds what the admin administers', async () => {
    const { gateway } = await startGateway();
    for (const room of ['demo', 'other']) await gateway.whip(room, { token: anAdminToken() });
    const all = await list(gateway, '/api/v1/rooms', anAdminToken());
    expect(all.map(({ room }) => room)).toEqual(['demo', 'other']);
    const own = await list(gateway, '/api/v1/rooms', aToken({ can: ['admin'] }));
    expect(own.map(({ room }) => room)).toEqual(['demo']);
    expect((await gateway.request('GET', '/api/v1/rooms')).status).toBe(403);
  });
});

describe('sessions', () => {
  test('are listed for admins, without their secrets', async () => {
    const { gateway, srs } = await startGateway();
    const location = (await gateway.whip()).headers.get('location') ?? '';
    const [session] = await list(gateway, '/api/v1/sessions', anAdminToken());
    expect(session).toMatchObject({
      kind: 'publish',
      room: 'demo',
      source: 'main',
      subject: 'anna',
      state: 'connecting',
      address: '127.0.0.1',
      node: new URL(srs.url).host,
    });
    expect(JSON.stringify(session)).not.toContain(location.split('/').at(-1));
  });

  test('can be narrowed to a room; a name that is none is 400', async () => {
    const { gateway } = await startGateway();
    for (const room of ['demo', 'other']) await gateway.whip(room, { token: anAdminToken() });
    const some = await list(gateway, '/api/v1/sessions?room=other', anAdminToken());
    expect(some.map(({ room }) => room)).toEqual(['other']);
    for (const query of ['room=a.b', 'room=a&room=b', 'room=']) {
      const reply = await gateway.request('GET', `/api/v1/sessions?${query}`, {
        token: anAdminToken(),
      });
      expect(reply.status).toBe(400);
    }
  });

  test('[WHIP-33] a kick ends one at the node; the address then says why', async () => {
    const { gateway, srs } = await startGateway();
    const location = (await gateway.whip()).headers.get('location') ?? '';
    const [session] = await list(gateway, '/api/v1/sessions', anAdminToken());
    const path = `/api/v1/sessions/${String(session?.['id'])}`;
    const token = aToken({ can: ['admin'] });
    expect((await gateway.request('DELETE', path, { token })).status).toBe(204);
    expect(srs.deletions).toHaveLength(1);
    const over = await gateway.request('GET', location);
    expect(await problemOf(over)).toMatchObject({ reason: 'kicked' });
    expect((await gateway.request('DELETE', path, { token })).status).toBe(404);
  });

  test.each([
    ['the admin of another room', aToken({ room: 'other', can: ['admin'] }), 404],
    ['the publisher', aToken(), 403],
    ['nobody', null, 401],
  ])('%s kicks nobody', async (_, token, status) => {
    const { gateway, srs } = await startGateway();
    await gateway.whip();
    const [session] = await list(gateway, '/api/v1/sessions', anAdminToken());
    const path = `/api/v1/sessions/${String(session?.['id'])}`;
    expect((await gateway.request('DELETE', path, { token })).status).toBe(status);
    expect(srs.deletions).toEqual([]);
  });

  test('[HOSTILE-35] a kick while the offer is at the node leaves nothing there', async () => {
    const { gateway, srs } = await startGateway();
    const { promise, resolve } = Promise.withResolvers<undefined>();
    srs.gate = promise;
    const publishing = gateway.whip();
    await expect.poll(() => srs.offers.length).toBe(1);
    const [session] = await list(gateway, '/api/v1/sessions', anAdminToken());
    expect(session).toMatchObject({ state: 'offering' });
    await gateway.request('DELETE', `/api/v1/sessions/${String(session?.['id'])}`, {
      token: anAdminToken(),
    });
    resolve(undefined);
    expect((await publishing).status).toBe(404);
    await expect.poll(() => srs.clients.size, { timeout: 15_000 }).toBe(0);
  });

  test('[WHIP-73] end when their token runs out', async () => {
    const { gateway, srs } = await startGateway();
    const location =
      (await gateway.whip('demo', { token: aToken({ seconds: 2 }) })).headers.get('location') ?? '';
    const over = () => gateway.request('GET', location, { token: null });
    await expect.poll(async () => (await over()).status, { timeout: 15_000 }).toBe(404);
    expect(await problemOf(await over())).toMatchObject({ reason: 'expired' });
    await expect.poll(() => srs.clients.size).toBe(0);
  });
});

describe('nodes', () => {
  test('are shown to the admin of everything, without a password', async () => {
    const { gateway, srs } = await startGateway();
    await gateway.whip();
    const nodes = await list(gateway, '/api/v1/nodes', anAdminToken());
    const node = new URL(srs.url).host;
    const announced = ['127.0.0.1:8000'];
    const addresses = { configured: false, announced, remarks: [], probes: [] };
    expect(nodes).toMatchObject([
      {
        ...{ node, version: '6.0.157', healthy: true, detail: 'Ready.', sessions: 1, addresses },
        trialError: null,
      },
    ]);
  });

  test('are not shown to the admin of a room', async () => {
    const { gateway } = await startGateway();
    const reply = await gateway.request('GET', '/api/v1/nodes', {
      token: aToken({ can: ['admin'] }),
    });
    expect(reply.status).toBe(403);
  });
});

describe('limits per address', () => {
  test('[WHIP-63] offers over the budget are 429 with Retry-After, and SRS sees none of them', async () => {
    const { gateway, srs } = await startGateway({ env: { RATE_LIMIT_PER_MINUTE: '2' } });
    const replies = [await gateway.whip('a'), await gateway.whip('a'), await gateway.whip('demo')];
    expect(replies.map(({ status }) => status)).toEqual([403, 403, 429]);
    expect(Number(replies[2]?.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(srs.signalling).toEqual([]);
  });

  test('bad tokens have a budget of their own, which then holds for good ones too', async () => {
    const { gateway } = await startGateway({ env: { FAILED_LOGINS_PER_MINUTE: '3' } });
    const statuses: number[] = [];
    for (const token of ['a', 'b', 'c', aToken()]) {
      statuses.push((await gateway.whip('demo', { token })).status);
    }
    expect(statuses).toEqual([401, 401, 401, 429]);
  });

  test('a minted token counts as one request', async () => {
    const { gateway } = await startGateway({ env: { RATE_LIMIT_PER_MINUTE: '2' } });
    const body = { sub: 'cy', room: 'demo', can: ['watch'] };
    const replies = [
      await mint(gateway, body),
      await mint(gateway, body),
      await mint(gateway, body),
    ];
    expect(replies.map(({ status }) => status)).toEqual([201, 201, 429]);
  });

  test('health, preflights and hooks are never limited', async () => {
    const { gateway } = await startGateway({ env: { RATE_LIMIT_PER_MINUTE: '1' } });
    for (let index = 0; index < 30; index += 1) {
      expect((await gateway.request('GET', '/healthz')).status).toBe(200);
      expect((await gateway.request('OPTIONS', '/api/v1/rooms')).status).toBe(200);
    }
  });
});
