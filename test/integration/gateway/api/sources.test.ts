import { describe, expect, test } from 'vitest';
import { anAdminToken, aToken } from '../../../support/gateway/a-token.ts';
import { aMediaPublisher } from '../../../support/gateway/media-socket.ts';
import {
  problemOf,
  startGateway,
  type GatewayUnderTest,
} from '../../../support/gateway/start-gateway.ts';
import { waitFor } from '../../../support/wait-for.ts';

const SOURCE = '/api/v1/rooms/demo/sources/main';
const operator = (): string => aToken({ sub: 'olga', can: ['operate'] });

const WAITING = { env: { WHEP_WITHOUT_PUBLISHER: 'wait' } };

interface Listed {
  readonly id: string;
  readonly subject: string;
}

async function sessionsOf(gateway: GatewayUnderTest): Promise<readonly Listed[]> {
  const body = (await gateway.json('/api/v1/sessions', anAdminToken())) as { items: Listed[] };
  return body.items;
}

describe('ending a source', () => {
  test('[API-06] ends its publisher in both modes, and no viewer', async () => {
    const { gateway, srs } = await startGateway();
    const anna = aToken({ sub: 'anna' });
    const socket = await aMediaPublisher(gateway.url, { token: anna });
    expect((await gateway.whip('demo', { token: anna })).status).toBe(201);
    expect((await gateway.whep('demo', { token: aToken({ sub: 'ben' }) })).status).toBe(201);
    const reply = await gateway.request('DELETE', SOURCE, { token: operator() });
    expect(reply.status).toBe(204);
    expect((await socket.end()).code).toBeGreaterThanOrEqual(4000);
    expect((await sessionsOf(gateway)).map(({ subject }) => subject)).toEqual(['ben']);
    await waitFor(() => srs.deletions.length === 1, { what: 'the end at the node' });
    const again = await gateway.request('DELETE', SOURCE, { token: operator() });
    expect(await problemOf(again)).toMatchObject({ code: 'no-publisher' });
  });

  test('[API-06] tells its publisher that it was removed', async () => {
    const { gateway } = await startGateway();
    const published = await gateway.whip();
    const url = published.headers.get('location') ?? '';
    await gateway.request('DELETE', SOURCE, { token: operator() });
    const gone = await gateway.request('GET', new URL(url, gateway.url).pathname);
    expect(gone.status).toBe(404);
    expect(await problemOf(gone)).toMatchObject({ reason: 'kicked' });
  });
});

describe('a ban', () => {
  test('[API-07] takes the token back with the session, and no other token of its subject', async () => {
    const { gateway } = await startGateway(WAITING);
    const [token, other] = [aToken({ sub: 'mallory' }), aToken({ sub: 'mallory' })];
    const reply = await gateway.whep('demo', { token });
    const [session] = await sessionsOf(gateway);
    const kick = await gateway.request('DELETE', `/api/v1/sessions/${session?.id}?ban=true`, {
      token: operator(),
    });
    expect(kick.status).toBe(204);
    const refused = await gateway.whep('demo', { token });
    expect(refused.status).toBe(401);
    expect(await problemOf(refused)).toMatchObject({ code: 'token-revoked' });
    const location = new URL(reply.headers.get('location') ?? '', gateway.url).pathname;
    const gone = await gateway.request('GET', location, { token: other });
    expect(await problemOf(gone)).toMatchObject({ reason: 'kicked' });
    expect((await gateway.whep('demo', { token: other })).status).toBe(201);
    const list = await gateway.json('/api/v1/revocations', anAdminToken());
    expect(list).toMatchObject({ items: [{ room: 'demo', by: 'olga' }] });
  });

  test('[API-07] without ban=true, or with anything else, nothing is taken back', async () => {
    const { gateway } = await startGateway(WAITING);
    const token = aToken({ sub: 'ben' });
    await gateway.whep('demo', { token });
    const [session] = await sessionsOf(gateway);
    const path = `/api/v1/sessions/${session?.id}`;
    for (const query of ['?ban=yes', '?ban=', '?ban=true&ban=true', '?ban=1']) {
      const odd = await gateway.request('DELETE', path + query, { token: operator() });
      expect(odd.status, query).toBe(400);
    }
    expect(await sessionsOf(gateway)).toHaveLength(1);
    await gateway.request('DELETE', path, { token: operator() });
    expect((await gateway.whep('demo', { token })).status).toBe(201);
  });

  test('[API-07] nobody bans who may do more', async () => {
    const { gateway } = await startGateway(WAITING);
    await gateway.whep('demo', { token: anAdminToken() });
    await gateway.whep('demo', { token: aToken({ sub: 'ada', can: ['admin'] }) });
    for (const { id } of await sessionsOf(gateway)) {
      const reply = await gateway.request('DELETE', `/api/v1/sessions/${id}?ban=true`, {
        token: operator(),
      });
      expect(reply.status).toBe(403);
    }
    expect(await sessionsOf(gateway)).toHaveLength(2);
  });

  test('[API-07] of a source is one of its publisher', async () => {
    const { gateway } = await startGateway();
    const token = aToken({ sub: 'mallory' });
    await gateway.whip('demo', { token });
    await gateway.request('DELETE', `${SOURCE}?ban=true`, { token: operator() });
    expect((await gateway.whip('demo', { token })).status).toBe(401);
  });
});

describe('a stuck name', () => {
  test('[API-08] is freed at once, and what is ours stays', async () => {
    const { gateway, srs } = await startGateway();
    expect((await gateway.whip('demo/screen')).status).toBe(201);
    srs.plant({ kind: 'publish', app: 'demo', stream: 'main' });
    srs.plant({ kind: 'watch', app: 'demo', stream: 'main' });
    srs.plant({ kind: 'publish', app: 'other', stream: 'main' });
    const reply = await gateway.request('POST', `${SOURCE}/free`, { token: operator() });
    expect(reply.status).toBe(200);
    expect(srs.kicked.filter((id) => srs.clients.has(id))).toEqual([]);
    const held = [...srs.clients.values()].filter(
      ({ app, kind }) => app === 'demo' && kind === 'publish',
    );
    expect(held.map(({ stream }) => stream)).toEqual(['screen']);
    const own = await gateway.request('POST', '/api/v1/rooms/demo/sources/screen/free', {
      token: operator(),
    });
    expect(await own.json()).toEqual({ freed: [] });
  });
});
