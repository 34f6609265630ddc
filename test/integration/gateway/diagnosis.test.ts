import { expect, test } from 'vitest';
import { LIMITS } from '../../../gateway/limits/limits.ts';
import { anAdminToken, aToken } from '../../support/gateway/a-token.ts';
import {
  problemOf,
  startGateway,
  type GatewayUnderTest,
} from '../../support/gateway/start-gateway.ts';
import { anOffer } from '../../support/sdp/descriptions.ts';

const PATH = '/api/v1/diagnosis';
const PLACE = `${PATH}/rooms/demo`;

const tryNode = (
  gateway: GatewayUnderTest,
  given: { token?: string | null; body?: string; type?: string; path?: string } = {},
) => {
  const { token = aToken(), body = anOffer('chromium-watch'), type = 'application/sdp' } = given;
  const headers = { 'content-type': type };
  return gateway.request('POST', given.path ?? PLACE, { token, headers, body });
};

test('[DIAG-15] the time needs no token, all else one of the room', async () => {
  const { gateway } = await startGateway();
  const time = await gateway.request('GET', PATH, { token: null });
  expect(time.status).toBe(200);
  expect(time.headers.get('cache-control')).toBe('no-store');
  const { now } = (await time.json()) as { now: number };
  expect(now).toBeGreaterThan(0);
  expect((await gateway.request('GET', PLACE, { token: null })).status).toBe(401);
  expect((await gateway.request('GET', `${PATH}/rooms/other`)).status).toBe(403);
  expect((await gateway.request('GET', `${PATH}/rooms/a%20b`)).status).toBe(404);
  for (const can of [['watch'], ['publish'], ['host']]) {
    expect(await gateway.json(PLACE, aToken({ can }))).toMatchObject({
      ...{ node: true, mediaWebSocket: true, addresses: [], remarks: [] },
    });
  }
});

test('[DIAG-16] a trial is a session of no room, which its address ends', async () => {
  const { gateway, srs } = await startGateway();
  const reply = await tryNode(gateway);
  expect(reply.status).toBe(201);
  expect(reply.headers.get('content-type')).toBe('application/sdp');
  expect(await reply.text()).toContain('a=candidate:');
  const location = reply.headers.get('location') ?? '';
  expect(location).toMatch(/^\/api\/v1\/diagnosis\/trials\/[\w-]{32}$/);
  expect(await gateway.json('/api/v1/sessions', anAdminToken())).toMatchObject({
    items: [],
    total: 0,
  });
  expect(await gateway.json('/api/v1/rooms', anAdminToken())).toMatchObject({
    items: [],
    total: 0,
  });
  // Two looks at the node's list would remove a stranger.
  const looks = () => srs.seen.filter(({ url }) => url.startsWith('/api/v1/clients/')).length;
  const before = looks();
  await expect.poll(() => looks() >= before + 3, { timeout: 20_000 }).toBe(true);
  expect(srs.kicked).toEqual([]);
  expect(srs.clients.size).toBe(1);
  expect((await gateway.request('DELETE', location, { token: null })).status).toBe(204);
  expect(srs.clients.size).toBe(0);
  expect((await gateway.request('DELETE', location, { token: null })).status).toBe(404);
});

test('[DIAG-17] an address has few trials at once, and a place again after one ends', async () => {
  const { gateway } = await startGateway();
  const locations: string[] = [];
  for (let n = 0; n < LIMITS.trialsPerAddress; n += 1) {
    const reply = await tryNode(gateway);
    expect(reply.status).toBe(201);
    locations.push(reply.headers.get('location') ?? '');
  }
  const refused = await tryNode(gateway);
  expect(refused.status).toBe(429);
  expect(refused.headers.get('retry-after')).toBe('15');
  expect(await problemOf(refused)).toMatchObject({ code: 'rate-limited' });
  await gateway.request('DELETE', locations[0] ?? '', { token: null });
  expect((await tryNode(gateway)).status).toBe(201);
});

test('[DIAG-17] trials draw on the budgets of offers', async () => {
  const { gateway } = await startGateway({ env: { SUBJECT_OFFERS_PER_MINUTE: '2' } });
  const statuses: number[] = [];
  for (let n = 0; n < 3; n += 1) statuses.push((await tryNode(gateway)).status);
  expect(statuses).toEqual([201, 201, 429]);
});

test.each([
  ['no token', { token: null }, 401],
  ['a token of another room', { token: aToken({ room: 'other' }) }, 403],
  ['another content type', { type: 'application/json' }, 415],
  ['no SDP', { body: 'hello' }, 400],
  ['an offer to send', { body: anOffer('chromium-publish') }, 422],
  ['too much', { body: 'v=0\r\n'.repeat(20_000) }, 413],
  ['a source that is none', { path: `${PLACE}/a%20b` }, 404],
])('[DIAG-18] a trial is refused: %s', async (_what, given, status) => {
  const { gateway, srs } = await startGateway();
  expect((await tryNode(gateway, given)).status).toBe(status);
  expect(srs.offers).toEqual([]);
});

test('[DIAG-18] what the node refuses leaves nothing behind', async () => {
  const { gateway, srs } = await startGateway();
  srs.canned.push((response) => void response.destroy());
  expect((await tryNode(gateway)).status).toBeGreaterThanOrEqual(500);
  srs.away = true;
  await expect.poll(async () => (await tryNode(gateway)).status, { timeout: 15_000 }).toBe(503);
});

test('[DIAG-19] a diary is for whoever knows the session’s secret, and for administrators of its room', async () => {
  const { gateway } = await startGateway();
  await gateway.whip();
  const reply = await gateway.whep();
  const secret = (reply.headers.get('location') ?? '').split('/').at(-1) ?? '';
  const diary = await gateway.request('GET', `${PATH}/diaries/${secret}`, { token: null });
  expect(diary.status).toBe(200);
  const text = await diary.text();
  expect(text).not.toContain(secret);
  const view = JSON.parse(text) as { session: string; entries: { step: string }[] };
  expect(view.entries.map(({ step }) => step)).toEqual(['auth', 'route', 'answer']);
  const byId = `/api/v1/sessions/${view.session}/diary`;
  expect(await gateway.json(byId, anAdminToken())).toEqual(view);
  const others = aToken({ room: 'other', can: ['admin'] });
  expect((await gateway.request('GET', byId, { token: others })).status).toBe(404);
  expect((await gateway.request('GET', byId)).status).toBe(403);
  for (const guess of ['x', 'x'.repeat(5_000), '%2e%2e', view.session]) {
    expect((await gateway.request('GET', `${PATH}/diaries/${guess}`)).status).toBe(404);
  }
  const metrics = await gateway.request('GET', '/metrics', { token: anAdminToken() });
  const figures = await metrics.text();
  expect(figures).toMatch(/^pixelcast_session_step_seconds_count\{[^}]*step="answer"[^}]*\} 1$/m);
  expect(figures).not.toContain(view.session);
});
