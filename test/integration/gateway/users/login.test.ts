import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ABrowser, aLoggedIn, aUser, PASSWORD, send } from '../../../support/gateway/a-browser.ts';
import { aToken } from '../../../support/gateway/a-token.ts';
import { aFolder, problemOf, startGateway } from '../../../support/gateway/start-gateway.ts';
import { waitFor } from '../../../support/wait-for.ts';

const ENDED = { timeoutMs: 20_000, what: 'the session to end' };

async function aGatewayWithAnna(env: Record<string, string> = {}) {
  const { gateway } = await startGateway({ env });
  const anna = await aUser(gateway);
  return { gateway, anna };
}

describe('a login', () => {
  test('[USER-03] by name and password is known by its cookie, and the page is told who it is', async () => {
    const { gateway } = await aGatewayWithAnna();
    const browser = new ABrowser(gateway);
    const reply = await browser.login('ANNA');
    expect(await reply.json()).toMatchObject({ name: 'anna', role: 'operator', rooms: ['demo'] });
    const me = await browser.send('GET', '/api/v1/me');
    expect(await me.json()).toMatchObject({ name: 'anna', csrf: browser.csrf });
    expect((await browser.send('GET', '/api/v1/sessions')).status).toBe(200);
  });

  test('[USER-03] has a cookie that scripts, other sites and plain HTTP never see', async () => {
    const { gateway } = await aGatewayWithAnna({ TRUSTED_PROXIES: '127.0.0.1' });
    const plain = await new ABrowser(gateway).login('anna');
    const [session = '', device = ''] = plain.headers.getSetCookie();
    expect(session).toMatch(/^pixelcast=[A-Za-z0-9_-]{43}; Path=\/; HttpOnly; SameSite=Strict$/);
    expect(device).toMatch(/^pixelcast-device=\S+; Max-Age=\d+; .*HttpOnly; SameSite=Strict$/);
    const https = { 'x-forwarded-proto': 'https', 'x-forwarded-for': '192.0.2.1' };
    const secure = await new ABrowser(gateway, https).login('anna');
    const [host = ''] = secure.headers.getSetCookie();
    expect(host).toMatch(/^__Host-pixelcast=\S+; Path=\/; HttpOnly; Secure; SameSite=Strict$/);
  });

  test('[USER-03] by https is not found by the cookie of plain HTTP, which others could set', async () => {
    const { gateway } = await aGatewayWithAnna({ TRUSTED_PROXIES: '127.0.0.1' });
    const browser = await aLoggedIn(gateway);
    const https = { 'x-forwarded-proto': 'https', 'x-forwarded-for': '192.0.2.1' };
    expect((await browser.send('GET', '/api/v1/me', undefined, https)).status).toBe(401);
  });

  test('[USER-04] takes no value that the browser brings, and ends the one before', async () => {
    const { gateway } = await aGatewayWithAnna();
    const browser = new ABrowser(gateway);
    const planted = 'A'.repeat(43);
    browser.cookies.set('pixelcast', planted);
    await browser.login('anna');
    const first = browser.cookies.get('pixelcast') ?? '';
    expect(first).not.toBe(planted);
    await browser.login('anna');
    expect(browser.cookies.get('pixelcast')).not.toBe(first);
    for (const value of [planted, first]) {
      const other = new ABrowser(gateway);
      other.cookies.set('pixelcast', value);
      const reply = await other.send('GET', '/api/v1/me');
      expect(await problemOf(reply)).toMatchObject({ status: 401, code: 'login-expired' });
    }
  });

  test.each([
    ['a wrong password', 'anna', `${PASSWORD}!`],
    ['an unknown name', 'nobody', PASSWORD],
  ])(
    '[USER-05] with %s is refused in one sentence, without a browser’s dialogue',
    async (_, name, password) => {
      const { gateway } = await aGatewayWithAnna();
      const reply = await new ABrowser(gateway).login(name, password);
      expect(reply.headers.get('www-authenticate')).toBe('Bearer realm="pixelcast"');
      expect(reply.headers.getSetCookie()).toEqual([]);
      expect(await problemOf(reply)).toMatchObject({
        status: 401,
        code: 'password-invalid',
        detail: 'Name or password is wrong.',
      });
    },
  );

  test('[USER-05] of a disabled account is refused as a wrong one is', async () => {
    const { gateway, anna } = await aGatewayWithAnna();
    const path = `/api/v1/users/${anna.id}`;
    await send(gateway, 'PATCH', path, { disabled: true }, { headers: { 'if-match': '"1"' } });
    expect((await new ABrowser(gateway).login('anna')).status).toBe(401);
  });

  test('[USER-06] survives a restart of the gateway, and is kept as a hash alone', async () => {
    const DATA_DIR = aFolder();
    const { gateway } = await aGatewayWithAnna({ DATA_DIR });
    const browser = await aLoggedIn(gateway);
    const value = browser.cookies.get('pixelcast') ?? '';
    await gateway.close();
    const { gateway: next } = await startGateway({ env: { DATA_DIR } });
    const same = new ABrowser(next);
    same.cookies.set('pixelcast', value);
    const me = await same.send('GET', '/api/v1/me');
    expect(await me.json()).toMatchObject({ name: 'anna', csrf: browser.csrf });
    await next.close();
    const told = JSON.stringify([gateway.lines, next.lines]);
    const kept = readdirSync(DATA_DIR, { withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map(({ name }) => readFileSync(join(DATA_DIR, name), 'latin1'));
    for (const text of [told, ...kept]) {
      for (const secret of [value, browser.csrf, PASSWORD]) expect(text).not.toContain(secret);
    }
  });
});

describe('what ends a login', () => {
  const watch = async (gateway: Awaited<ReturnType<typeof aGatewayWithAnna>>['gateway']) => {
    const browser = await aLoggedIn(gateway);
    const token = await browser.token('demo', ['publish']);
    expect((await gateway.whip('demo', { token })).status).toBe(201);
    return { browser, token };
  };
  const sessionsOf = async (gateway: Parameters<typeof send>[0]) => {
    const reply = await send(gateway, 'GET', '/api/v1/sessions');
    return ((await reply.json()) as { items: unknown[] }).items.length;
  };

  test('[USER-07] logging out ends its tokens and their sessions, and the cookie is worth nothing', async () => {
    const { gateway } = await aGatewayWithAnna();
    const { browser, token } = await watch(gateway);
    const kept = new Map(browser.cookies);
    expect((await browser.send('POST', '/api/v1/logout')).status).toBe(204);
    expect(browser.cookies.has('pixelcast')).toBe(false);
    await waitFor(async () => (await sessionsOf(gateway)) === 0, ENDED);
    expect(await problemOf(await gateway.whip('demo', { token }))).toMatchObject({
      code: 'token-revoked',
    });
    const thief = new ABrowser(gateway);
    for (const [name, value] of kept) thief.cookies.set(name, value);
    expect((await thief.send('GET', '/api/v1/me')).status).toBe(401);
  });

  test.each([
    ['a change of role', { role: 'viewer' }],
    ['a change of rooms', { rooms: ['other'] }],
    ['a new password', { password: 'another good password' }],
    ['being disabled', { disabled: true }],
    ['the end of the account', null],
  ])('[USER-07] %s ends its logins, tokens and sessions', async (_, change) => {
    const { gateway, anna } = await aGatewayWithAnna();
    const { browser } = await watch(gateway);
    const path = `/api/v1/users/${anna.id}`;
    const headers = { 'if-match': `"${anna.version}"` };
    const reply =
      change === null
        ? await send(gateway, 'DELETE', path, undefined, { headers })
        : await send(gateway, 'PATCH', path, change, { headers });
    expect(reply.ok).toBe(true);
    await waitFor(async () => (await sessionsOf(gateway)) === 0, ENDED);
    expect((await browser.send('GET', '/api/v1/me')).status).toBe(401);
  });

  test('[USER-07] a new password of one’s own ends all other logins, and gives a new one here', async () => {
    const { gateway } = await aGatewayWithAnna();
    const elsewhere = await aLoggedIn(gateway);
    const here = await aLoggedIn(gateway);
    const before = here.cookies.get('pixelcast');
    const wish = { current: PASSWORD, password: 'another good password' };
    const wrong = await here.send('POST', '/api/v1/me/password', { ...wish, current: 'no' });
    expect(await problemOf(wrong)).toMatchObject({ code: 'password-invalid' });
    const reply = await here.send('POST', '/api/v1/me/password', wish);
    expect(reply.status).toBe(200);
    expect(here.cookies.get('pixelcast')).not.toBe(before);
    expect((await here.send('GET', '/api/v1/me')).status).toBe(200);
    expect((await elsewhere.send('GET', '/api/v1/me')).status).toBe(401);
    expect((await new ABrowser(gateway).login('anna')).status).toBe(401);
  });

  test('[USER-08] a revocation by name covers what was given until now', async () => {
    const { gateway } = await aGatewayWithAnna();
    const { browser } = await watch(gateway);
    await send(gateway, 'POST', '/api/v1/revocations', { sub: 'anna' });
    await waitFor(async () => (await sessionsOf(gateway)) === 0, ENDED);
    expect(await problemOf(await browser.send('GET', '/api/v1/me'))).toMatchObject({
      code: 'token-revoked',
    });
  });
});

describe('a token for oneself', () => {
  test('[USER-09] allows what the account may do there, and nothing more', async () => {
    const { gateway } = await aGatewayWithAnna();
    const browser = await aLoggedIn(gateway);
    expect(
      (await gateway.whip('demo', { token: await browser.token('demo', ['publish']) })).status,
    ).toBe(201);
    for (const wish of [
      { room: 'demo', can: ['admin'] },
      { room: 'other', can: ['watch'] },
      { room: '*', can: ['operate'] },
      { room: 'demo', can: ['watch'], ttlSeconds: 3601 },
    ]) {
      const reply = await browser.send('POST', '/api/v1/me/token', wish);
      expect([400, 403], JSON.stringify(wish)).toContain(reply.status);
    }
  });

  test('[USER-09] is for accounts alone, and no token begets one', async () => {
    const { gateway } = await aGatewayWithAnna();
    const browser = await aLoggedIn(gateway);
    const own = await browser.token('demo', ['operate', 'watch']);
    for (const token of [own, aToken()]) {
      const wish = { room: 'demo', can: ['watch'] };
      expect((await send(gateway, 'POST', '/api/v1/me/token', wish, { token })).status).toBe(403);
    }
  });
});
