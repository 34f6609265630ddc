import { describe, expect, test } from 'vitest';
import { allItems, createApi } from '../../../../gateway/protocol/api/client.ts';
import { listRooms } from '../../../../gateway/protocol/api/rooms.ts';
import { listSessions } from '../../../../gateway/protocol/api/sessions.ts';
import { anAdminToken, aToken } from '../../../support/gateway/a-token.ts';
import { problemOf, startGateway } from '../../../support/gateway/start-gateway.ts';

const operator = (room: string): string => aToken({ sub: 'olga', room, can: ['operate'] });

/** Three rooms with a publisher and three viewers each. */
async function aHouse() {
  const { gateway } = await startGateway();
  for (const room of ['alpha', 'beta', 'Gamma']) {
    const anna = { token: aToken({ sub: `anna.*(${room})`, room }) };
    expect((await gateway.whip(room, anna)).status).toBe(201);
    for (const viewer of ['Ben', 'ÉMILE', "o'neil"]) {
      await gateway.whep(room, { token: aToken({ sub: viewer, room }) });
    }
  }
  const api = (token = anAdminToken()) =>
    createApi({ baseUrl: gateway.url.replace(/\/$/, ''), fetch, token });
  return { gateway, api };
}

describe('a list of sessions', () => {
  test('[API-03] is the same put together from pages, in either order', async () => {
    const { api } = await aHouse();
    const orders: string[][] = [];
    for (const order of ['oldest', 'newest'] as const) {
      const ids: string[] = [];
      const list = (cursor?: string) =>
        api().call(listSessions, { query: { order, limit: 5, ...(cursor ? { cursor } : {}) } });
      for await (const { id } of allItems(list)) ids.push(id);
      orders.push(ids);
    }
    const [oldest = [], newest = []] = orders;
    expect(new Set(oldest).size).toBe(12);
    expect(newest).toEqual(oldest.toReversed());
  });

  test('[API-03] is of the grant’s own rooms alone, whatever is asked', async () => {
    const { api } = await aHouse();
    const own = await api(operator('beta')).call(listSessions);
    expect([own.total, new Set(own.items.map(({ room }) => room))]).toEqual([4, new Set(['beta'])]);
    const foreign = await api(operator('beta')).call(listSessions, {
      query: { room: 'alpha' },
    });
    expect(foreign).toEqual({ items: [], next: null, total: 0 });
    expect((await api(operator('beta')).call(listRooms)).items.map(({ room }) => room)).toEqual([
      'beta',
    ]);
  });

  test('[API-11] is searched by room, source, subject and address, in any case, and filtered', async () => {
    const { api } = await aHouse();
    const count = async (query: object) => (await api().call(listSessions, { query })).total;
    expect(await count({ q: 'ALPHA' })).toBe(4);
    expect(await count({ q: 'gam' })).toBe(4);
    expect(await count({ q: 'émile' })).toBe(3);
    expect(await count({ q: '127.0.0.1' })).toBe(12);
    expect(await count({ subject: 'Ben' })).toBe(3);
    expect(await count({ subject: 'Ben', room: 'beta' })).toBe(1);
    expect(await count({ kind: 'publish' })).toBe(3);
    expect(await count({ source: 'screen' })).toBe(0);
    expect(await count({ state: 'offering' })).toBe(0);
    const under = [await count({ state: 'connecting' }), await count({ state: 'live' })];
    expect(under.reduce((sum, each) => sum + each, 0)).toBe(12);
    expect(await count({ transport: 'webrtc' })).toBe(12);
    expect(await count({ transport: 'websocket' })).toBe(0);
    expect((await api().call(listRooms, { query: { q: 'A' } })).total).toBe(3);
    expect((await api().call(listRooms, { query: { q: 'et' } })).total).toBe(1);
  });
});

describe('what is searched for', () => {
  test.each([
    ['a regular expression', 'be.a', 0],
    ['one that a subject has as letters', 'anna.*(', 3],
    ['a pattern that would take for ever', '(a+)+$', 0],
    ['SQL', "' OR 1=1 --", 0],
    ['SQL that a subject has as letters', "o'n", 3],
    ['wildcards of SQL', '%', 0],
    ['NUL', 'Ben\u0000', 0],
    ['a lone surrogate', '\ud800', 0],
    ['letters that change their length', 'İ', 0],
    ['a line end', 'alpha\nmain', 4],
    ['JSON', '{"$ne":null}', 0],
  ])('[API-11] %s is text like any other', async (_, q, total) => {
    const { gateway } = await aHouse();
    const query = new URLSearchParams({ q: q.toWellFormed() });
    const reply = await gateway.json(`/api/v1/sessions?${query.toString()}`, anAdminToken());
    expect(reply).toMatchObject({ total });
  });

  test.each([
    ['10 KB', `q=${'x'.repeat(10_240)}`],
    ['two texts', 'q=a&q=b'],
    ['a page of nothing', 'limit=0'],
    ['a page of all', 'limit=201'],
    ['half a page', 'limit=1.5'],
    ['a page of words', 'limit=ten'],
    ['a forged cursor', 'cursor=bm90IG91cnM'],
    ['a cursor of another list', `cursor=${Buffer.from('"alpha"').toString('base64url')}`],
    ['a cursor below all', `cursor=${Buffer.from('-1').toString('base64url')}`],
    ['a long cursor', `cursor=${'A'.repeat(600)}`],
    ['a room that is none', 'room=a%2Fb'],
    ['an unknown order', 'order=id;drop'],
    ['an unknown state', 'state=ended'],
    ['an unknown way', 'transport=rtmp'],
  ])('[API-11] %s is refused, and says what is wrong', async (_, query) => {
    const { gateway } = await startGateway();
    const reply = await gateway.request('GET', `/api/v1/sessions?${query}`, {
      token: anAdminToken(),
    });
    expect(reply.status).toBe(400);
    expect(String((await problemOf(reply))['detail'])).toMatch(
      /^(?:q|limit|cursor|room|order|state|transport): /,
    );
  });
});
