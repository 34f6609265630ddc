import { describe, expect, test } from 'vitest';
import { anAdminToken, aToken } from '../../support/gateway/a-token.ts';
import {
  problemOf,
  startGateway,
  type GatewayUnderTest,
} from '../../support/gateway/start-gateway.ts';

const PASSWORD = 'correct horse: battery';
const LOGIN = { ADMIN_USER: 'räuber', ADMIN_PASSWORD: PASSWORD };
const BASIC = 'Basic realm="pixelcast", charset="UTF-8"';

const basic = (user: string, password: string): Record<string, string> => ({
  authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`,
});
const good = basic('räuber', PASSWORD);

const aGateway = async (more: Record<string, string> = {}): Promise<GatewayUnderTest> =>
  (await startGateway({ env: { ...LOGIN, ...more } })).gateway;

const get = (gateway: GatewayUnderTest, path: string, headers: Record<string, string> = {}) =>
  gateway.request('GET', path, { token: null, headers });

function mint(gateway: GatewayUnderTest, headers: Record<string, string>): Promise<Response> {
  return gateway.request('POST', '/api/v1/tokens', {
    token: null,
    headers: { ...good, 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ sub: 'cy', room: 'demo', can: ['publish'] }),
  });
}

describe('the admin page', () => {
  test('asks for the password, and is there with it', async () => {
    const gateway = await aGateway();
    for (const path of ['/admin', '/admin/']) {
      const asked = await get(gateway, path);
      expect(asked.status).toBe(401);
      expect(asked.headers.get('www-authenticate')).toContain(BASIC);
      const given = await get(gateway, path, good);
      expect(given.status).toBe(200);
      expect(given.headers.get('content-type')).toContain('text/html');
    }
  });

  test('is open where no password is configured: its API is not', async () => {
    const { gateway } = await startGateway();
    expect((await get(gateway, '/admin')).status).toBe(200);
    const api = await get(gateway, '/api/v1/rooms', basic('admin', ''));
    expect(api.status).toBe(401);
    expect(api.headers.get('www-authenticate')).toBe('Bearer realm="pixelcast"');
  });

  test('of others stays open', async () => {
    const gateway = await aGateway();
    for (const path of ['/', '/share/demo', '/watch/demo']) {
      expect((await get(gateway, path)).status).toBe(200);
    }
  });
});

describe('the API', () => {
  test('takes the password for all that an admin of everything may do', async () => {
    const gateway = await aGateway();
    for (const path of ['/rooms', '/rooms/demo', '/sessions', '/nodes', '/revocations']) {
      expect((await get(gateway, `/api/v1${path}`, good)).status, path).toBe(200);
    }
    const reply = await mint(gateway, {});
    expect(reply.status).toBe(201);
    const { token } = (await reply.json()) as { token: string };
    expect((await gateway.whip('demo', { token })).status).toBe(201);
  });

  test('still takes tokens, and asks who brings one for a token only', async () => {
    const gateway = await aGateway();
    const rooms = (token: string) => gateway.request('GET', '/api/v1/rooms', { token });
    expect((await rooms(anAdminToken())).status).toBe(200);
    const expired = await rooms(anAdminToken({ seconds: -60 }));
    expect(expired.status).toBe(401);
    expect(expired.headers.get('www-authenticate')).not.toContain('Basic');
    expect((await rooms(aToken())).status).toBe(403);
    const nobody = await get(gateway, '/api/v1/rooms');
    expect(nobody.headers.get('www-authenticate')).toContain('Bearer realm="pixelcast"');
    expect(await problemOf(nobody)).toMatchObject({ code: 'login-missing' });
  });

  test.each([
    ['another password', basic('räuber', `${PASSWORD}!`)],
    ['another user', basic('admin', PASSWORD)],
    ['the parts cut elsewhere', basic('räuber:correct horse', 'battery')],
    ['nothing', basic('', '')],
    ['no colon', { authorization: `Basic ${Buffer.from('räuber').toString('base64')}` }],
    ['no base64', { authorization: 'Basic %%%' }],
    ['no value', { authorization: 'Basic' }],
    ['a long value', { authorization: `Basic ${'QUFB'.repeat(1000)}` }],
  ])('refuses %s, in one and the same sentence', async (_, headers) => {
    const gateway = await aGateway();
    const reply = await get(gateway, '/api/v1/rooms', headers);
    expect(reply.status).toBe(401);
    expect(reply.headers.get('www-authenticate')).toBe(BASIC);
    expect(await problemOf(reply)).toMatchObject({
      code: 'login-invalid',
      detail: 'User or password is wrong.',
    });
  });

  test.each(['/api/v1/rooms', '/admin', '/metrics'])(
    'is closed at %s to an address that guessed too often, the right guess included',
    async (path) => {
      const gateway = await aGateway({
        FAILED_LOGINS_PER_MINUTE: '3',
        TRUSTED_PROXIES: '127.0.0.1',
      });
      const from = (address: string) => ({
        'x-forwarded-for': address,
        'x-forwarded-proto': 'https',
      });
      const wrong = { ...basic('räuber', 'guess'), ...from('192.0.2.1') };
      for (let n = 0; n < 3; n += 1) expect((await get(gateway, path, wrong)).status).toBe(401);
      const late = await get(gateway, path, { ...good, ...from('192.0.2.1') });
      expect(late.status).toBe(429);
      expect(Number(late.headers.get('retry-after'))).toBeGreaterThan(0);
      const other = await get(gateway, path, { ...good, ...from('192.0.2.2') });
      expect(other.status).toBe(200);
    },
  );
});

describe('a write by password', () => {
  test.each([
    ['no browser', {}, 201],
    ['our page', { 'sec-fetch-site': 'same-origin', origin: 'https://cast.example' }, 201],
    ['a browser’s own', { 'sec-fetch-site': 'none' }, 201],
    ['our page in an older browser', { origin: 'https://cast.example' }, 201],
    ['another site', { 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' }, 403],
    ['a sibling', { 'sec-fetch-site': 'same-site', origin: 'https://x.cast.example' }, 403],
    ['another site in an older browser', { origin: 'https://evil.example' }, 403],
    ['a sandbox', { origin: 'null' }, 403],
    ['another port', { origin: 'https://cast.example:8443' }, 403],
    ['plain http', { origin: 'http://cast.example' }, 403],
  ])('asked for by %s %j is answered %d', async (_, headers, status) => {
    const gateway = await aGateway({
      PUBLIC_URL: 'https://cast.example',
      TRUSTED_PROXIES: '127.0.0.1',
    });
    const reply = await mint(gateway, headers);
    expect(reply.status).toBe(status);
    if (status === 403) expect(await problemOf(reply)).toMatchObject({ code: 'origin-forbidden' });
  });

  test('of another site is not let in by CORS, and shows it nothing', async () => {
    const gateway = await aGateway();
    const reply = await get(gateway, '/api/v1/rooms', { ...good, origin: 'https://evil.example' });
    expect(reply.headers.get('access-control-allow-credentials')).toBeNull();
  });
});

test('the password is worth nothing at WHIP, WHEP and sessions', async () => {
  const gateway = await aGateway();
  const headers = { ...good };
  for (const reply of [
    await gateway.request('POST', '/whip/demo', { token: null, headers, body: 'v=0' }),
    await gateway.request('POST', '/whep/demo', { token: null, headers, body: 'v=0' }),
  ]) {
    expect(reply.status).toBe(401);
    expect(reply.headers.get('www-authenticate')).toBe('Bearer realm="pixelcast"');
  }
});

test('the password is in no log line', async () => {
  const gateway = await aGateway();
  await get(gateway, '/api/v1/rooms', good);
  await get(gateway, '/api/v1/rooms', basic('räuber', 'a wrong password'));
  const log = JSON.stringify(gateway.lines);
  for (const secret of [PASSWORD, 'a wrong password', good['authorization'] ?? '']) {
    expect(log).not.toContain(secret);
  }
});

test.each([
  [{ ADMIN_PASSWORD: 'short' }, 'ADMIN_PASSWORD'],
  [{ ADMIN_PASSWORD: PASSWORD, ADMIN_USER: 'a:b' }, 'ADMIN_USER'],
])('%j is refused at start', async (env, name) => {
  await expect(startGateway({ env })).rejects.toThrow(name);
});
