import { describe, expect, test } from 'vitest';
import { ABrowser, aLoggedIn, aUser, PASSWORD } from '../../../support/gateway/a-browser.ts';
import { anAdminToken } from '../../../support/gateway/a-token.ts';
import { problemOf, startGateway } from '../../../support/gateway/start-gateway.ts';

const MINT = { sub: 'cy', room: 'demo', can: ['watch'] };

async function aLoggedInAnna() {
  const { gateway } = await startGateway();
  await aUser(gateway);
  return { gateway, browser: await aLoggedIn(gateway) };
}

describe('[USER-14] a write by cookie', () => {
  test.each([
    ['our page', {}, 201],
    ['our page in an older browser', { 'sec-fetch-site': '', origin: ':own' }, 201],
    ['another site', { 'sec-fetch-site': 'cross-site' }, 403],
    ['a sibling', { 'sec-fetch-site': 'same-site' }, 403],
    [
      'another site in an older browser',
      { 'sec-fetch-site': '', origin: 'https://evil.example' },
      403,
    ],
    ['a sandbox', { 'sec-fetch-site': '', origin: 'null' }, 403],
    ['no CSRF token', { 'x-csrf-token': '' }, 403],
    ['another CSRF token', { 'x-csrf-token': 'A'.repeat(43) }, 403],
  ])('from %s with %j is answered %d', async (_, given, status) => {
    const { gateway, browser } = await aLoggedInAnna();
    const headers = Object.fromEntries(
      Object.entries(given).map(([name, value]) => [
        name,
        value === ':own' ? new URL(gateway.url).origin : value,
      ]),
    );
    const site = browserWithout(browser, headers);
    const reply = await site.send('POST', '/api/v1/tokens', MINT, headers);
    expect(reply.status).toBe(status);
  });

  test('with the CSRF token of another login is refused', async () => {
    const { gateway, browser } = await aLoggedInAnna();
    await aUser(gateway, { name: 'eve', role: 'viewer' });
    browser.csrf = (await aLoggedIn(gateway, 'eve')).csrf;
    const reply = await browser.send('POST', '/api/v1/tokens', MINT);
    expect(await problemOf(reply)).toMatchObject({ status: 403, code: 'csrf-invalid' });
  });

  test.each(['application/x-www-form-urlencoded', 'text/plain', 'multipart/form-data; boundary=x'])(
    'as a form would send it (%s) is refused',
    async (type) => {
      const { browser } = await aLoggedInAnna();
      browser.csrf = '';
      const headers = { 'content-type': type, 'sec-fetch-site': 'cross-site' };
      const reply = await browser.send('POST', '/api/v1/tokens', MINT, headers);
      expect(reply.status).toBe(403);
    },
  );

  test('by a bearer token needs none of it: no browser adds one by itself', async () => {
    const { gateway } = await aLoggedInAnna();
    const reply = await gateway.request('POST', '/api/v1/tokens', {
      token: anAdminToken(),
      headers: { 'content-type': 'application/json', origin: 'https://app.example' },
      body: JSON.stringify(MINT),
    });
    expect(reply.status).toBe(201);
  });
});

describe('[USER-15] a login', () => {
  test.each([
    ['another site', { 'sec-fetch-site': 'cross-site' }],
    [
      'another origin in an older browser',
      { 'sec-fetch-site': '', origin: 'https://evil.example' },
    ],
  ])('that %s asks for is refused: nobody is logged in as somebody else', async (_, headers) => {
    const { gateway } = await aLoggedInAnna();
    const site = browserWithout(new ABrowser(gateway), headers);
    const reply = await site.send(
      'POST',
      '/api/v1/login',
      { name: 'anna', password: PASSWORD },
      headers,
    );
    expect(reply.status).toBe(403);
    expect(reply.headers.getSetCookie()).toEqual([]);
  });

  test.each(['application/x-www-form-urlencoded', 'text/plain'])(
    'by a form (%s) is refused',
    async (type) => {
      const { gateway } = await aLoggedInAnna();
      const body = { name: 'anna', password: PASSWORD };
      const reply = await new ABrowser(gateway).send('POST', '/api/v1/login', body, {
        'content-type': type,
      });
      expect(reply.status).toBe(400);
    },
  );

  test('shows nothing to scripts of another origin', async () => {
    const { browser } = await aLoggedInAnna();
    const reply = await browser.send('GET', '/api/v1/me', undefined, {
      origin: 'https://evil.example',
    });
    expect(reply.headers.get('access-control-allow-credentials')).toBeNull();
  });
});

/** A browser of the kind that does not send what is '' here. */
function browserWithout(browser: ABrowser, headers: Record<string, string>): ABrowser {
  for (const [name, value] of Object.entries(headers)) if (value === '') browser.without.add(name);
  return browser;
}
