import { describe, expect, test } from 'vitest';
import { ABrowser, aLoggedIn, aUser } from '../../../support/gateway/a-browser.ts';
import { aCluster, clusterMetric } from '../../../support/gateway/a-cluster.ts';
import { aControllableHost, aController } from '../../../support/gateway/a-controller.ts';
import { aToken } from '../../../support/gateway/a-token.ts';
import { startFakeSrs } from '../../../support/gateway/fake-srs.ts';
import type { GatewayUnderTest } from '../../../support/gateway/start-gateway.ts';
import { startRedis } from '../../../support/redis/start-redis.ts';
import { waitFor } from '../../../support/wait-for.ts';

const ADMIN = { room: '*', can: ['admin'] } as const;

describe('what all gateways of a cluster are asked for', () => {
  test('[CLUSTER-11] lists are those of all of them, page by page', async () => {
    const redis = await startRedis();
    const { gateways } = await aCluster(redis.url);
    const [one, two] = gateways;
    const rooms = ['r1', 'r2', 'r3', 'r4'];
    for (const [at, room] of rooms.entries()) {
      const gateway = gateways[at % 2 === 0 ? 0 : 1];
      expect((await gateway.whip(room, { token: aToken({ room }) })).status).toBe(201);
    }
    const token = aToken(ADMIN);
    for (const gateway of [one, two]) {
      for (const [list, name] of [
        ['rooms', 'room'],
        ['sessions', 'room'],
      ] as const) {
        const seen: unknown[] = [];
        const whole = (await gateway.json(`/api/v1/${list}`, token)) as { items: unknown[] };
        expect(whole.items).toHaveLength(4);
        let cursor = '';
        do {
          const page = (await gateway.json(`/api/v1/${list}?limit=1${cursor}`, token)) as {
            items: Record<string, unknown>[];
            next: string | null;
            total: number;
          };
          expect(page.total).toBe(4);
          seen.push(...page.items.map((item) => item[name]));
          cursor = page.next === null ? '' : `&cursor=${page.next}`;
        } while (cursor !== '' && seen.length < 10);
        expect(seen.toSorted(), list).toEqual(rooms);
      }
    }
    expect((await one.request('GET', '/api/v1/sessions', { token: null })).status).toBe(401);
    const bad = await one.request('GET', '/api/v1/sessions?cursor=bad', { token });
    expect(bad.status).toBe(400);
  }, 60_000);

  test('[CLUSTER-12] an operator hears of rooms at any of them, once', async () => {
    const redis = await startRedis();
    const { gateways } = await aCluster(redis.url);
    const [one, two] = gateways;
    const stream = await one.request('GET', '/api/v1/events', { token: aToken(ADMIN) });
    const reader = stream.body?.pipeThrough(new TextDecoderStream()).getReader();
    let heard = '';
    void (async () => {
      for (let part = await reader?.read(); part?.done === false; part = await reader?.read())
        heard += part.value;
    })();
    expect((await two.whip('demo')).status).toBe(201);
    await waitFor(() => heard.includes('session.opened'), { what: 'the event' });
    expect((await one.whip('here', { token: aToken({ room: 'here' }) })).status).toBe(201);
    await waitFor(() => heard.split('event: session.opened').length === 3, { what: 'both' });
    expect(heard.split('event: room.opened').length).toBe(3);
    await reader?.cancel();
  }, 60_000);

  test('[CLUSTER-13] a socket is carried to the home of its room, both ways', async () => {
    const redis = await startRedis();
    const { gateways } = await aCluster(redis.url);
    const [one, two] = gateways;
    const host = await aControllableHost(two.url);
    const { socket, epoch } = await aController(one.url);
    const leases = await host.hearsSuch('control/leases', (each) =>
      JSON.stringify(each).includes(String(epoch)),
    );
    expect(leases).toBeDefined();
    expect(await clusterMetric(one, 'handed_on')).toBe(1);
    socket.say({ type: 'nonsense' });
    expect((await socket.end()).code).toBe(1008);
    await waitFor(async () => (await clusterMetric(one, 'handed_on')) === 0, { what: 'its end' });
  }, 60_000);

  test('[CLUSTER-14] the home sees the address that its client came from', async () => {
    const redis = await startRedis();
    const { gateways } = await aCluster(redis.url, { TRUSTED_PROXIES: '127.0.0.1' });
    const [one, two] = gateways;
    expect((await two.whip('demo')).status).toBe(201);
    const headers = { 'x-forwarded-for': '203.0.113.9', 'x-forwarded-proto': 'https' };
    expect((await one.whip('demo', { headers })).status).toBe(201);
    const list = (await two.json('/api/v1/sessions?room=demo', aToken(ADMIN))) as {
      items: { address: string }[];
    };
    expect(list.items.map(({ address }) => address)).toContain('203.0.113.9');
  }, 60_000);

  test('[CLUSTER-31] a node that is added, cordoned or removed at one gateway is so at the other', async () => {
    const redis = await startRedis();
    const { gateways } = await aCluster(redis.url);
    const [one, two] = gateways;
    const token = aToken(ADMIN);
    const other = await startFakeSrs();
    const dutyAt = async (gateway: GatewayUnderTest): Promise<string | undefined> => {
      const list = (await gateway.json('/api/v1/nodes', token)) as {
        items: { node: string; duty: string }[];
      };
      return list.items.find(({ node }) => node === new URL(other.url).host)?.duty;
    };
    const soon = (gateway: GatewayUnderTest, duty: string | undefined): Promise<true> =>
      waitFor(async () => (await dutyAt(gateway)) === duty, {
        timeoutMs: 20_000,
        what: `the node to be ${duty ?? 'gone'}`,
      });
    const body = JSON.stringify({ url: other.url });
    const headers = { 'content-type': 'application/json' };
    const path = `/api/v1/nodes/${encodeURIComponent(new URL(other.url).host)}`;
    expect((await one.request('POST', '/api/v1/nodes', { token, headers, body })).status).toBe(201);
    await soon(two, 'serving');
    expect((await two.request('POST', `${path}/cordon`, { token })).status).toBe(200);
    await soon(one, 'cordoned');
    expect((await one.request('DELETE', path, { token })).status).toBe(204);
    await soon(two, undefined);
  });

  test('[CLUSTER-62] the sessions of a node are those of all gateways, whichever is asked', async () => {
    const redis = await startRedis();
    const { gateways } = await aCluster(redis.url);
    const [, two] = gateways;
    const soon = (what: string) => ({ timeoutMs: 20_000, what });
    const opened = async (): Promise<boolean> =>
      [201, 409].includes((await two.whip('demo')).status);
    await waitFor(opened, soon('a session'));
    for (const gateway of gateways) {
      const sessions = async (): Promise<number> => {
        const list = await gateway.json('/api/v1/nodes', aToken(ADMIN));
        return (list as { items: { sessions: number }[] }).items[0]?.sessions ?? 0;
      };
      await waitFor(async () => (await sessions()) > 0, soon('the session to be counted'));
    }
  }, 60_000);

  test('[CLUSTER-67] the clients of a node are told with their sessions, whichever gateways have them', async () => {
    const redis = await startRedis();
    const { gateways, srs } = await aCluster(redis.url);
    const [one, two] = gateways;
    for (const [gateway, room] of [[one, 'here'] as const, [two, 'there'] as const]) {
      expect((await gateway.whip(room, { token: aToken({ room }) })).status).toBe(201);
    }
    const token = aToken(ADMIN);
    const { items } = (await one.json('/api/v1/sessions', token)) as {
      items: { id: string; room: string }[];
    };
    const all = items.map(({ id }) => id).toSorted();
    expect(all).toHaveLength(2);
    const path = `/api/v1/nodes/${encodeURIComponent(new URL(srs.url).host)}/clients`;
    for (const gateway of gateways) {
      const namedBy = async (query: string): Promise<unknown[]> => {
        const list = await gateway.json(`${path}?${query}`, token);
        return (list as { items: { session: unknown }[] }).items.map(({ session }) => session);
      };
      expect((await namedBy('limit=10')).toSorted()).toEqual(all);
      const there = items.flatMap(({ id, room }) => (room === 'there' ? [id] : []));
      expect(await namedBy('q=there')).toEqual(there);
    }
    const unknown = await two.request('GET', '/api/v1/nodes/nowhere/clients', { token });
    expect(unknown.status).toBe(404);
  }, 60_000);
});

test('[CLUSTER-51] who has logged in at one gateway is somebody at the next one at once', async () => {
  const redis = await startRedis();
  const { gateways } = await aCluster(redis.url);
  const [one, two] = gateways;
  await aUser(one);
  const browser = await aLoggedIn(one);
  const there = new ABrowser(two);
  for (const [name, value] of browser.cookies) there.cookies.set(name, value);
  const me = () => there.send('GET', '/api/v1/me');
  await waitFor(async () => (await me()).status === 200, { what: 'the login at the other' });
  expect(await (await me()).json()).toMatchObject({ name: 'anna', csrf: browser.csrf });
  expect((await browser.send('POST', '/api/v1/logout')).status).toBe(204);
  await waitFor(async () => (await me()).status === 401, { what: 'the logout at the other' });
}, 60_000);
