import { describe, expect, test } from 'vitest';
import type {
  InvitationReply,
  InvitationView,
} from '../../../../gateway/protocol/api/invitations.ts';
import { ABrowser, aLoggedIn, aUser, send } from '../../../support/gateway/a-browser.ts';
import { anAdminToken, aToken } from '../../../support/gateway/a-token.ts';
import {
  problemOf,
  startGateway,
  type GatewayUnderTest,
} from '../../../support/gateway/start-gateway.ts';
import { waitFor } from '../../../support/wait-for.ts';

const WISH = { room: 'demo', rights: 'present' };

async function invite(gateway: GatewayUnderTest, wish: object = {}): Promise<InvitationReply> {
  const reply = await send(gateway, 'POST', '/api/v1/invitations', { ...WISH, ...wish });
  expect(reply.status).toBe(201);
  return (await reply.json()) as InvitationReply;
}

const redeem = (gateway: GatewayUnderTest, code: string, name = 'Zoë') =>
  new ABrowser(gateway).send('POST', '/api/v1/invitations/redeem', { code, name });

const list = async (gateway: GatewayUnderTest, query = '', token = anAdminToken()) =>
  (await (
    await send(gateway, 'GET', `/api/v1/invitations${query}`, undefined, { token })
  ).json()) as { items: InvitationView[]; next: string | null; total: number };

describe('[USER-20] an invitation', () => {
  test.each([
    ['view', ['whep']],
    ['control', ['whep']],
    ['present', ['whep', 'whip']],
  ] as const)('to %s is redeemed for a short token of these rights', async (rights, open) => {
    const { gateway } = await startGateway({ env: { WHEP_WITHOUT_PUBLISHER: 'wait' } });
    const { code, path, id } = await invite(gateway, { rights });
    expect(path).toBe(`/invite#code=${code}`);
    const reply = await redeem(gateway, code);
    const { token, expiresAt, room } = (await reply.json()) as {
      token: string;
      expiresAt: number;
      room: string;
    };
    expect([room, expiresAt <= Date.now() + 4 * 3600_000]).toEqual(['demo', true]);
    for (const way of ['whip', 'whep'] as const) {
      const allowed = (open as readonly string[]).includes(way);
      expect((await gateway[way]('demo', { token })).status, way).toBe(allowed ? 201 : 403);
    }
    expect((await gateway.whep('other', { token })).status).toBe(403);
    expect((await send(gateway, 'GET', '/api/v1/sessions', undefined, { token })).status).toBe(403);
    expect((await list(gateway)).items).toMatchObject([{ id, used: 1, state: 'used-up' }]);
  });

  test('gives everybody a name that is nobody else’s', async () => {
    const { gateway } = await startGateway();
    const { code } = await invite(gateway, { uses: 2 });
    const names = await Promise.all(
      ['anna', 'anna'].map(async (name) => {
        const { token } = (await (await redeem(gateway, code, name)).json()) as { token: string };
        const me = await send(gateway, 'GET', '/api/v1/me', undefined, { token });
        return ((await me.json()) as { name: string }).name;
      }),
    );
    for (const name of names) expect(name).toMatch(/^anna #[0-9a-f]{6}$/);
    expect(names[0]).not.toBe(names[1]);
  });

  test('keeps its code from lists, log and database', async () => {
    const { gateway } = await startGateway();
    const { code } = await invite(gateway, { note: 'for the board' });
    await redeem(gateway, code);
    const told = JSON.stringify([await list(gateway), gateway.lines]);
    expect(told).not.toContain(code);
    expect(told).toContain('for the board');
  });
});

describe('[USER-21] an invitation is not redeemed', () => {
  const refused = { status: 410, code: 'invitation-invalid' };

  test('more often than it says, by twenty at once', async () => {
    const { gateway } = await startGateway();
    const { code } = await invite(gateway, { uses: 3 });
    const replies = await Promise.all(
      Array.from({ length: 20 }, (_, n) => redeem(gateway, code, `guest ${n}`)),
    );
    expect(replies.filter(({ status }) => status === 200)).toHaveLength(3);
    expect(replies.filter(({ status }) => status === 410)).toHaveLength(17);
    expect((await list(gateway)).items).toMatchObject([{ uses: 3, used: 3 }]);
  });

  test('a second time', async () => {
    const { gateway } = await startGateway();
    const { code } = await invite(gateway);
    expect((await redeem(gateway, code)).status).toBe(200);
    expect(await problemOf(await redeem(gateway, code))).toMatchObject(refused);
  });

  test.each(['', 'A'.repeat(32), "' OR 1=1 --", '../../etc/passwd', '%00'])(
    'by the code %j',
    async (code) => {
      const { gateway } = await startGateway();
      await invite(gateway);
      expect(await problemOf(await redeem(gateway, code))).toMatchObject(refused);
    },
  );

  test('after it was taken back, and who is in by it is out', async () => {
    const { gateway } = await startGateway();
    const { id, code } = await invite(gateway, { uses: 5 });
    const { token } = (await (await redeem(gateway, code)).json()) as { token: string };
    expect((await gateway.whip('demo', { token })).status).toBe(201);
    const gone = await send(gateway, 'DELETE', `/api/v1/invitations/${id}`);
    expect(gone.status).toBe(204);
    expect(await problemOf(await redeem(gateway, code))).toMatchObject(refused);
    const sessions = async () =>
      ((await gateway.json('/api/v1/sessions', anAdminToken())) as { items: unknown[] }).items;
    await waitFor(async () => (await sessions()).length === 0, {
      timeoutMs: 20_000,
      what: 'the session to end',
    });
    expect(await problemOf(await gateway.whip('demo', { token }))).toMatchObject({
      code: 'token-revoked',
    });
  });

  test('when who invited may not give it any more', async () => {
    const { gateway } = await startGateway();
    const { id, version } = await aUser(gateway);
    const browser = await aLoggedIn(gateway);
    const reply = await browser.send('POST', '/api/v1/invitations', { ...WISH, uses: 5 });
    const { code } = (await reply.json()) as { code: string };
    await browser.send('POST', '/api/v1/logout');
    expect((await redeem(gateway, code)).status).toBe(200);
    const headers = { 'if-match': `"${version}"` };
    await send(gateway, 'PATCH', `/api/v1/users/${id}`, { role: 'viewer' }, { headers });
    expect(await problemOf(await redeem(gateway, code))).toMatchObject(refused);
  });

  test('under a name that is none, or from another site', async () => {
    const { gateway } = await startGateway();
    const { code } = await invite(gateway);
    for (const name of ['', ' ', 'a\nb', '<script>', 'x'.repeat(65), '\u202eevil']) {
      expect((await redeem(gateway, code, name)).status, name).toBe(400);
    }
    const site = new ABrowser(gateway, { 'sec-fetch-site': 'cross-site' });
    const reply = await site.send('POST', '/api/v1/invitations/redeem', { code, name: 'eve' });
    expect(reply.status).toBe(403);
  });
});

describe('[USER-22] invitations and tokens', () => {
  test('are seen and taken back by operators of their room alone', async () => {
    const { gateway } = await startGateway();
    const { id } = await invite(gateway);
    const minted = await send(gateway, 'POST', '/api/v1/tokens', {
      sub: 'cy',
      room: 'demo',
      can: ['admin'],
    });
    const { jti } = (await minted.json()) as { jti: string };
    const other = aToken({ room: 'other', can: ['operate', 'watch'] });
    expect((await list(gateway, '', other)).total).toBe(0);
    expect((await list(gateway, '?room=demo', other)).total).toBe(0);
    for (const path of [`/api/v1/invitations/${id}`, `/api/v1/tokens/${jti}`]) {
      expect((await send(gateway, 'DELETE', path, undefined, { token: other })).status).toBe(404);
    }
    const own = aToken({ can: ['operate', 'publish', 'watch', 'control'] });
    expect((await list(gateway, '', own)).total).toBe(1);
    const more = await send(gateway, 'DELETE', `/api/v1/tokens/${jti}`, undefined, { token: own });
    expect(more.status).toBe(403);
  });

  test('are listed by pages, newest first, and found by plain text', async () => {
    const { gateway } = await startGateway();
    const mint = (sub: string) =>
      send(gateway, 'POST', '/api/v1/tokens', { sub, room: 'demo', can: ['watch'] });
    const texts = [];
    for (const sub of ['Ärger', 'bert', 'cy'])
      texts.push(((await (await mint(sub)).json()) as { token: string }).token);
    const get = async (query: string) =>
      (await gateway.json(`/api/v1/tokens?${query}`, anAdminToken())) as {
        items: { sub: string; revoked: boolean; jti: string }[];
        next: string | null;
        total: number;
      };
    const first = await get('limit=2');
    expect([first.items.length, first.total]).toEqual([2, 3]);
    const rest = await get(`limit=2&cursor=${first.next ?? ''}`);
    const all = [...first.items, ...rest.items];
    expect(all.map(({ sub }) => sub).toSorted()).toEqual(['bert', 'cy', 'Ärger'].toSorted());
    expect((await get(`q=${encodeURIComponent('äRG')}`)).total).toBe(1);
    for (const q of ["' OR '1'='1", '%', '_', '") --']) {
      expect((await get(`q=${encodeURIComponent(q)}`)).total, q).toBe(0);
    }
    for (const text of texts) expect(JSON.stringify(all)).not.toContain(text);
    const bad = await send(gateway, 'GET', '/api/v1/tokens?cursor=WzEsMl0');
    expect(bad.status).toBe(400);
  });

  test('a token that is taken back by its jti is worth nothing', async () => {
    const { gateway } = await startGateway();
    const reply = await send(gateway, 'POST', '/api/v1/tokens', {
      sub: 'cy',
      room: 'demo',
      can: ['publish'],
    });
    const { token, jti } = (await reply.json()) as { token: string; jti: string };
    expect((await send(gateway, 'DELETE', `/api/v1/tokens/${jti}`)).status).toBe(204);
    expect((await gateway.whip('demo', { token })).status).toBe(401);
    expect(await gateway.json('/api/v1/tokens', anAdminToken())).toMatchObject({
      items: [{ jti, revoked: true }],
    });
  });
});
