import { describe, expect, test } from 'vitest';
import { ABrowser, aLoggedIn, aUser, PASSWORD, send } from '../../../support/gateway/a-browser.ts';
import { aToken } from '../../../support/gateway/a-token.ts';
import { problemOf, startGateway } from '../../../support/gateway/start-gateway.ts';

const USER = { name: 'eve', role: 'admin', rooms: '*', password: PASSWORD };

/** What only an administrator of everything may ask for. */
const ADMIN_ONLY: readonly (readonly [method: string, path: string, body?: unknown])[] = [
  ['GET', '/api/v1/users'],
  ['POST', '/api/v1/users', USER],
  ['GET', '/api/v1/users/:self'],
  ['PATCH', '/api/v1/users/:self', { role: 'admin', rooms: '*' }],
  ['DELETE', '/api/v1/users/:self'],
  ['GET', '/api/v1/nodes'],
  ['POST', '/api/v1/nodes/probe'],
  ['GET', '/api/v1/ice-sources'],
  ['POST', '/api/v1/revocations', { sub: 'root' }],
];

/** What only an operator or more may ask for. */
const OPERATOR_ONLY: typeof ADMIN_ONLY = [
  ['GET', '/api/v1/sessions'],
  ['DELETE', '/api/v1/sessions/some'],
  ['GET', '/api/v1/tokens'],
  ['POST', '/api/v1/tokens', { sub: 'cy', room: 'demo', can: ['watch'] }],
  ['DELETE', '/api/v1/tokens/some'],
  ['GET', '/api/v1/invitations'],
  ['POST', '/api/v1/invitations', { room: 'demo', rights: 'view' }],
  ['DELETE', '/api/v1/invitations/some'],
  ['GET', '/api/v1/peers'],
];

describe.each(['operator', 'presenter', 'viewer'])('[USER-10] the role %s', (role) => {
  test('does nothing that is an administrator’s', async () => {
    const { gateway } = await startGateway();
    const anna = await aUser(gateway, { role, rooms: '*' });
    const browser = await aLoggedIn(gateway);
    const refused = role === 'operator' ? ADMIN_ONLY : [...ADMIN_ONLY, ...OPERATOR_ONLY];
    for (const [method, path, body] of refused) {
      const reply = await browser.send(method, path.replace(':self', anna.id), body, {
        'if-match': '"1"',
      });
      expect(reply.status, `${method} ${path}`).toBe(403);
    }
    const users = await send(gateway, 'GET', '/api/v1/users');
    expect(await users.json()).toMatchObject({ total: 1, items: [{ role }] });
  });
});

describe('[USER-11] nobody gives more than they have', () => {
  const aGateway = async () => {
    const { gateway } = await startGateway();
    await aUser(gateway, { rooms: ['demo', 'den'] });
    return { gateway, browser: await aLoggedIn(gateway) };
  };

  test.each([
    ['the right of an administrator', { room: 'demo', can: ['admin'] }],
    ['another room', { room: 'other', can: ['watch'] }],
    ['all rooms', { room: '*', can: ['operate'] }],
    ['all rooms to administer', { room: '*', can: ['admin'] }],
  ])('an operator mints no token for %s', async (_, wish) => {
    const { browser } = await aGateway();
    const reply = await browser.send('POST', '/api/v1/tokens', { sub: 'cy', ...wish });
    expect(await problemOf(reply)).toMatchObject({ status: 403, code: 'scope-insufficient' });
  });

  test('an operator mints what he has, in his rooms', async () => {
    const { gateway, browser } = await aGateway();
    const wish = { sub: 'cy', room: 'den', can: ['publish', 'host'], ttlSeconds: 86_400 };
    const reply = await browser.send('POST', '/api/v1/tokens', wish);
    expect(reply.status).toBe(201);
    const { token, expiresAt } = (await reply.json()) as { token: string; expiresAt: number };
    expect(expiresAt).toBeGreaterThan(Date.now() + 80_000_000);
    expect((await gateway.whip('den', { token })).status).toBe(201);
  });

  test('a token that operates gives no longer life than its own, and no other source', async () => {
    const { gateway } = await startGateway();
    const token = aToken({ can: ['operate', 'watch'], sources: ['main'], seconds: 120 });
    const mint = (wish: object) =>
      send(gateway, 'POST', '/api/v1/tokens', { sub: 'cy', room: 'demo', ...wish }, { token });
    const reply = await mint({ can: ['watch'], sources: ['main'], ttlSeconds: 3600 });
    const { expiresAt } = (await reply.json()) as { expiresAt: number };
    expect(expiresAt).toBeLessThanOrEqual(Date.now() + 120_000);
    for (const sources of [['camera'], undefined]) {
      expect((await mint({ can: ['watch'], sources })).status).toBe(403);
    }
  });

  test('what an account gave ends with its right to give it', async () => {
    const { gateway, browser } = await aGateway();
    const wish = { sub: 'cy', room: 'demo', can: ['publish'] };
    const minted = await browser.send('POST', '/api/v1/tokens', wish);
    const { token } = (await minted.json()) as { token: string };
    await browser.send('POST', '/api/v1/logout');
    expect((await gateway.whip('demo', { token })).status).toBe(201);
    const { items } = (await (await send(gateway, 'GET', '/api/v1/users')).json()) as {
      items: { id: string }[];
    };
    const path = `/api/v1/users/${items[0]?.id ?? ''}`;
    await send(gateway, 'PATCH', path, { role: 'viewer' }, { headers: { 'if-match': '"1"' } });
    expect(await problemOf(await gateway.whip('demo', { token }))).toMatchObject({
      code: 'token-revoked',
    });
  });
});

describe('[USER-12] the last account that administers everything', () => {
  test.each([
    ['is not deleted', 'DELETE', undefined],
    ['keeps its role', 'PATCH', { role: 'operator' }],
    ['keeps its rooms', 'PATCH', { rooms: ['demo'] }],
    ['is not disabled', 'PATCH', { disabled: true }],
  ])('%s', async (_, method, body) => {
    const { gateway } = await startGateway();
    const root = await aUser(gateway, { name: 'root', role: 'admin', rooms: '*' });
    await aUser(gateway, { name: 'rita', role: 'admin', rooms: ['demo'] });
    const browser = await aLoggedIn(gateway, 'root');
    const change = () =>
      browser.send(method, `/api/v1/users/${root.id}`, body, { 'if-match': '"1"' });
    expect(await problemOf(await change())).toMatchObject({ status: 409, code: 'last-admin' });
    await aUser(gateway, { name: 'second', role: 'admin', rooms: '*' });
    expect((await change()).ok).toBe(true);
  });

  test('stays when two of them remove each other at once', async () => {
    const { gateway } = await startGateway();
    const names = ['one', 'two'];
    const users = await Promise.all(
      names.map((name) => aUser(gateway, { name, role: 'admin', rooms: '*' })),
    );
    const replies = await Promise.all(
      users.map(({ id }) =>
        send(gateway, 'DELETE', `/api/v1/users/${id}`, undefined, {
          headers: { 'if-match': '"1"' },
        }),
      ),
    );
    expect(replies.map(({ status }) => status).toSorted()).toEqual([204, 409]);
  });
});

describe('[USER-13] an account', () => {
  test('is changed by who has seen it as it is', async () => {
    const { gateway } = await startGateway();
    const { id } = await aUser(gateway);
    const path = `/api/v1/users/${id}`;
    const change = (headers: Record<string, string>) =>
      send(gateway, 'PATCH', path, { role: 'viewer' }, { headers });
    expect((await change({})).status).toBe(428);
    const seen = await send(gateway, 'GET', path);
    const tag = seen.headers.get('etag') ?? '';
    const changed = await change({ 'if-match': tag });
    expect(changed.headers.get('etag')).not.toBe(tag);
    expect((await change({ 'if-match': tag })).status).toBe(412);
  });

  test.each([
    ['a name that is taken in another spelling', { name: 'ＡNNA' }, 409],
    ['a short password', { name: 'bob', password: 'elevenchars' }, 400],
    ['an unknown role', { name: 'bob', role: 'root' }, 400],
    ['no room', { name: 'bob', rooms: [] }, 400],
    ['a room that is none', { name: 'bob', rooms: ['a/b'] }, 400],
    ['a name with a colon', { name: 'bob:x' }, 400],
    ['a name with a line end', { name: 'bob\nx' }, 400],
    ['a member that is not known', { name: 'bob', admin: true }, 400],
  ])('is not made with %s', async (_, wish, status) => {
    const { gateway } = await startGateway();
    await aUser(gateway);
    const user = { role: 'viewer', rooms: ['demo'], password: PASSWORD, ...wish };
    expect((await send(gateway, 'POST', '/api/v1/users', user)).status).toBe(status);
  });

  test('is listed by pages and found by its name, whatever is searched for', async () => {
    const { gateway } = await startGateway();
    for (const name of ['anna', 'Bert', 'Änne']) await aUser(gateway, { name, role: 'viewer' });
    const list = async (query: string) =>
      (await (await send(gateway, 'GET', `/api/v1/users?${query}`)).json()) as {
        items: { name: string }[];
        next: string | null;
        total: number;
      };
    const first = await list('limit=2');
    expect(first.items.map(({ name }) => name)).toEqual(['anna', 'Bert']);
    const rest = await list(`limit=2&cursor=${first.next ?? ''}`);
    expect([rest.items.map(({ name }) => name), rest.next]).toEqual([['Änne'], null]);
    expect((await list(`q=${encodeURIComponent('ÄN')}`)).total).toBe(1);
    expect((await list(`q=${encodeURIComponent("' OR '1'='1")}`)).total).toBe(0);
    expect(JSON.stringify(await list(''))).not.toContain('scrypt');
  });

  test('logs in by HTTP Basic only where that is switched on', async () => {
    for (const [BASIC_ACCOUNTS, status] of [
      ['off', 401],
      ['on', 200],
    ] as const) {
      const { gateway } = await startGateway({ env: { BASIC_ACCOUNTS } });
      await aUser(gateway);
      const basic = (password: string) => ({
        authorization: `Basic ${Buffer.from(`anna:${password}`).toString('base64')}`,
      });
      const get = (password: string) =>
        gateway.request('GET', '/api/v1/sessions', { token: null, headers: basic(password) });
      expect((await get(PASSWORD)).status).toBe(status);
      expect((await get(`${PASSWORD}!`)).status).toBe(401);
      const cross = await new ABrowser(gateway, {
        ...basic(PASSWORD),
        'sec-fetch-site': 'cross-site',
      }).send('POST', '/api/v1/tokens', { sub: 'cy', room: 'demo', can: ['watch'] });
      expect(cross.status).toBe(status === 200 ? 403 : 401);
    }
  });
});
