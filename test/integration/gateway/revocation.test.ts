import jwt from 'jsonwebtoken';
import { describe, expect, test } from 'vitest';
import { anAdminToken, aToken } from '../../support/gateway/a-token.ts';
import {
  aFolder,
  problemOf,
  startGateway,
  type GatewayUnderTest,
} from '../../support/gateway/start-gateway.ts';
import { waitFor } from '../../support/wait-for.ts';

const JSON_TYPE = { 'content-type': 'application/json' };
const PATH = '/api/v1/revocations';

const claimsOf = (token: string) => jwt.decode(token) as { jti: string; sub: string };

const revoke = (gateway: GatewayUnderTest, body: object, token = anAdminToken()) =>
  gateway.request('POST', PATH, { token, headers: JSON_TYPE, body: JSON.stringify(body) });

async function revoked(gateway: GatewayUnderTest, body: object): Promise<{ id: string }> {
  const reply = await revoke(gateway, body);
  expect(reply.status).toBe(201);
  return (await reply.json()) as { id: string };
}

const itemsOf = async (gateway: GatewayUnderTest, token = anAdminToken()) =>
  ((await gateway.json(PATH, token)) as { items: Record<string, unknown>[] }).items;

describe('a token that was taken back', () => {
  test.each(['jti', 'sub'] as const)('by its %s is refused at once, by name', async (claim) => {
    const { gateway } = await startGateway();
    const token = aToken();
    expect((await gateway.request('GET', '/api/v1/rooms/demo', { token })).status).toBe(200);
    await revoked(gateway, { [claim]: claimsOf(token)[claim] });
    for (const reply of [
      await gateway.whip('demo', { token }),
      await gateway.whep('demo', { token }),
      await gateway.request('GET', '/api/v1/rooms/demo', { token }),
    ]) {
      expect(reply.status).toBe(401);
      expect(reply.headers.get('www-authenticate')).toContain('error="invalid_token"');
      expect(await problemOf(reply)).toMatchObject({ code: 'token-revoked' });
    }
  });

  test('ends its sessions and their upstream and says why', async () => {
    const { gateway, srs } = await startGateway();
    const token = aToken();
    const opened = await gateway.whip('demo', { token });
    const viewer = await gateway.whep('demo', { token: aToken({ sub: 'ben' }) });
    const session = opened.headers.get('location') ?? '';
    const { jti } = claimsOf(token);
    await revoked(gateway, { jti });
    await waitFor(() => srs.deletions.length > 0, { what: 'the node is told' });
    expect(srs.deletions).toHaveLength(1);
    const gone = await gateway.request('GET', session, { token: null });
    expect(await problemOf(gone)).toMatchObject({ code: 'session-not-found', reason: 'revoked' });
    const stays = viewer.headers.get('location') ?? '';
    expect((await gateway.request('GET', stays, { token: null })).status).toBe(204);
  });

  test('ends a session that slipped in between its check and the revocation', async () => {
    const { gateway, srs } = await startGateway();
    const gate = Promise.withResolvers<undefined>();
    srs.gate = gate.promise;
    const token = aToken();
    const opening = gateway.whip('demo', { token });
    await waitFor(() => srs.offers.length === 1, { what: 'the offer is at the node' });
    await revoked(gateway, { sub: 'anna' });
    gate.resolve(undefined);
    expect((await opening).status).toBe(404);
    await waitFor(() => srs.clients.size === 0, { what: 'nobody at the node' });
  });

  test('is good again when the entry is deleted', async () => {
    const { gateway } = await startGateway();
    const token = aToken();
    const { id } = await revoked(gateway, { sub: 'anna' });
    expect((await gateway.whip('demo', { token })).status).toBe(401);
    const reply = await gateway.request('DELETE', `${PATH}/${id}`, { token: anAdminToken() });
    expect(reply.status).toBe(204);
    expect((await gateway.whip('demo', { token })).status).toBe(201);
  });

  test('is still refused after a restart', async () => {
    const env = { DATA_DIR: aFolder() };
    const token = aToken();
    const { gateway } = await startGateway({ env });
    await revoked(gateway, { jti: claimsOf(token).jti });
    await gateway.close();
    const again = await startGateway({ env });
    expect((await again.gateway.whip('demo', { token })).status).toBe(401);
    expect(await itemsOf(again.gateway)).toHaveLength(1);
  });
});

test('[HOSTILE-18] after a kick the same token may come again, by the same jti; once revoked it may not', async () => {
  const { gateway } = await startGateway();
  const token = aToken();
  const { jti } = claimsOf(token);
  for (let round = 0; round < 2; round += 1) {
    expect((await gateway.whip('demo', { token })).status).toBe(201);
    const { items } = (await gateway.json('/api/v1/sessions', anAdminToken())) as {
      items: { id: string; jti: string }[];
    };
    expect(items).toMatchObject([{ jti }]);
    const path = `/api/v1/sessions/${items[0]?.id ?? ''}`;
    expect((await gateway.request('DELETE', path, { token: anAdminToken() })).status).toBe(204);
  }
  const opened = gateway.lines.filter(({ msg }) => msg === 'session opened');
  expect(opened.map((line) => line['jti'])).toEqual([jti, jti]);
  await revoked(gateway, { jti });
  expect((await gateway.whip('demo', { token })).status).toBe(401);
});

test('a minted token names itself, so that it can be taken back', async () => {
  const { gateway } = await startGateway();
  const minted = await gateway.request('POST', '/api/v1/tokens', {
    token: anAdminToken(),
    headers: JSON_TYPE,
    body: JSON.stringify({ sub: 'cy', room: 'demo', can: ['publish'] }),
  });
  const { token, jti } = (await minted.json()) as { token: string; jti: string };
  expect(claimsOf(token).jti).toBe(jti);
  await revoked(gateway, { jti });
  expect((await gateway.whip('demo', { token })).status).toBe(401);
});

test('whoever was revoked by name may be given a new token', async () => {
  const { gateway } = await startGateway();
  await revoked(gateway, { sub: 'cy' });
  const revokedAt = Date.now();
  await waitFor(() => Date.now() - (Date.now() % 1000) > revokedAt, { what: 'the next second' });
  const minted = await gateway.request('POST', '/api/v1/tokens', {
    token: anAdminToken(),
    headers: JSON_TYPE,
    body: JSON.stringify({ sub: 'cy', room: 'demo', can: ['publish'] }),
  });
  const { token } = (await minted.json()) as { token: string };
  expect((await gateway.whip('demo', { token })).status).toBe(201);
});

describe('the admin of a room', () => {
  const roomAdmin = aToken({ sub: 'rita', can: ['admin'] });

  test('takes back tokens of that room, and sees those entries alone', async () => {
    const { gateway } = await startGateway();
    await revoked(gateway, { sub: 'ben' });
    await revoked(gateway, { sub: 'ben', room: 'other' });
    const own = await revoke(gateway, { sub: 'anna', room: 'demo' }, roomAdmin);
    expect(own.status).toBe(201);
    expect(await itemsOf(gateway, roomAdmin)).toMatchObject([
      { sub: 'anna', room: 'demo', by: 'rita' },
    ]);
    expect((await gateway.whip('demo', { token: aToken() })).status).toBe(401);
    const elsewhere = aToken({ room: 'other' });
    expect((await gateway.whip('other', { token: elsewhere })).status).toBe(201);
  });

  test('takes back nothing else, nor lets it in again', async () => {
    const { gateway } = await startGateway();
    const { id } = await revoked(gateway, { sub: 'ben' });
    for (const body of [{ sub: 'anna' }, { jti: 'x' }, { sub: 'anna', room: 'other' }]) {
      expect((await revoke(gateway, body, roomAdmin)).status).toBe(403);
    }
    const reply = await gateway.request('DELETE', `${PATH}/${id}`, { token: roomAdmin });
    expect(reply.status).toBe(404);
    expect(await itemsOf(gateway)).toHaveLength(1);
  });
});

test.each([
  ['nobody', null, 401],
  ['who may publish', aToken(), 403],
])('%s neither sees nor changes the list', async (_, token, status) => {
  const { gateway } = await startGateway();
  for (const [method, path] of [
    ['GET', PATH],
    ['POST', PATH],
    ['DELETE', `${PATH}/x`],
  ] as const) {
    expect((await gateway.request(method, path, { token })).status).toBe(status);
  }
});

test.each([
  ['{}', 'either jti or sub'],
  ['{"jti":"a","sub":"b"}', 'either jti or sub'],
  ['{"jti":"a","sub":null}', 'sub'],
  ['{"jti":"a","__proto__":{"sub":"b"}}', ''],
  ['{"sub":["anna"]}', 'sub'],
])('the body %s is refused in a sentence', async (body, why) => {
  const { gateway } = await startGateway();
  const reply = await gateway.request('POST', PATH, {
    token: anAdminToken(),
    headers: JSON_TYPE,
    body,
  });
  expect(reply.status).toBe(400);
  expect((await problemOf(reply))['detail']).toContain(why);
});

test('an expired token ends its session and its upstream', async () => {
  const { gateway, srs } = await startGateway();
  const token = aToken({ seconds: 1 });
  const opened = await gateway.whip('demo', { token });
  expect(opened.status).toBe(201);
  await waitFor(() => srs.deletions.length === 1, { what: 'the node is told' });
  const session = opened.headers.get('location') ?? '';
  const gone = await gateway.request('GET', session, { token: null });
  expect(await problemOf(gone)).toMatchObject({ reason: 'expired' });
});
