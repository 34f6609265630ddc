import { describe, expect, test } from 'vitest';
import { aToken } from '../../support/gateway/a-token.ts';
import { sendRaw } from '../../support/gateway/raw-http.ts';
import { startGateway } from '../../support/gateway/start-gateway.ts';
import { anOffer } from '../../support/sdp/descriptions.ts';

const FRAGMENT = 'application/trickle-ice-sdpfrag';
const LARGE = 'v'.repeat(70_000);

/** Each request has all the faults of those below it and one less than those above. */
describe('[WHIP-68] [WHIP-37] [WHIP-24] [WHIP-04] of several faults of an offer the first is told', () => {
  const bad = aToken({ can: ['watch'] });
  test.each([
    [401, 'PUT', '/whip/no.dots', null, 'text/plain', LARGE],
    [404, 'PUT', '/whip/no.dots', bad, 'text/plain', LARGE],
    [403, 'PUT', '/whip/demo', bad, 'text/plain', LARGE],
    [405, 'PUT', '/whip/demo', aToken(), 'text/plain', LARGE],
    [413, 'POST', '/whip/demo', aToken(), 'text/plain', LARGE],
    [415, 'POST', '/whip/demo', aToken(), 'text/plain', 'no SDP'],
    [400, 'POST', '/whip/demo', aToken(), 'application/sdp', 'no SDP'],
    [422, 'POST', '/whip/demo', aToken(), 'application/sdp', anOffer('chromium-watch')],
    [201, 'POST', '/whip/demo', aToken(), 'application/sdp', anOffer('chromium-publish')],
  ])('%i', async (status, method, path, token, type, body) => {
    const { gateway } = await startGateway();
    const headers = { 'content-type': type };
    expect((await gateway.request(method, path, { token, headers, body })).status).toBe(status);
  });
});

describe('[WHIP-31] [WHIP-41] [WHIP-42] [WHIP-47] of several faults of a PATCH the first is told', () => {
  const restart = `a=ice-ufrag:newer\r\na=ice-pwd:${'p'.repeat(24)}\r\n`;
  test.each([
    [401, 'POST', 'gone', 'nonsense', 'text/plain', null, LARGE],
    [404, 'POST', 'gone', null, 'text/plain', null, LARGE],
    [403, 'POST', 'live', aToken({ sub: 'ben' }), 'text/plain', null, LARGE],
    [405, 'POST', 'live', null, 'text/plain', null, LARGE],
    [413, 'PATCH', 'live', null, 'text/plain', null, LARGE],
    [415, 'PATCH', 'live', null, 'text/plain', null, 'nonsense'],
    [428, 'PATCH', 'live', null, FRAGMENT, null, 'nonsense'],
    [412, 'PATCH', 'live', null, FRAGMENT, '"other"', 'nonsense'],
    [400, 'PATCH', 'live', null, FRAGMENT, '*', 'nonsense'],
    [422, 'PATCH', 'live', null, FRAGMENT, '*', restart],
    [204, 'PATCH', 'live', null, FRAGMENT, '*', 'a=end-of-candidates\r\n'],
  ])('%i', async (status, method, which, token, type, ifMatch, body) => {
    const { gateway } = await startGateway();
    const location = (await gateway.whip()).headers.get('location') ?? '';
    if (which === 'gone') await gateway.request('DELETE', location);
    const headers = { 'content-type': type, ...(ifMatch === null ? {} : { 'if-match': ifMatch }) };
    const reply = await gateway.request(method, location, { token, headers, body });
    expect(reply.status).toBe(status);
  });
});

test('[WHIP-60] [WHIP-61] [WHIP-62] [WHEP-17] no address of signalling redirects', async () => {
  const { gateway } = await startGateway();
  const location = (await gateway.whip()).headers.get('location') ?? '';
  const session = new URL(location).pathname;
  const endpoints = ['/whip', '/whip/', '/whip/demo', '/whip/demo/', '/whep//demo', '/WHIP/demo'];
  for (const method of ['GET', 'POST', 'PATCH', 'DELETE', 'OPTIONS']) {
    for (const path of [...endpoints, `${session}/`, session]) {
      const { status } = await gateway.request(method, path);
      expect(status < 300 || status >= 400, `${method} ${path} is ${status}`).toBe(true);
    }
  }
});

describe('TOKEN_IN_QUERY', () => {
  const sdp = { 'content-type': 'application/sdp' };
  const post = { headers: sdp, body: anOffer('chromium-publish'), token: null };

  test('[WHIP-71] lets a client that cannot send headers in; no one else sees the token', async () => {
    const { gateway, srs } = await startGateway({ env: { TOKEN_IN_QUERY: 'yes' } });
    const token = aToken();
    const reply = await gateway.request('POST', `/whip/demo?token=${token}`, post);
    expect(reply.status).toBe(201);
    expect(reply.headers.get('location')).not.toContain(token);
    expect(reply.headers.get('cache-control')).toBe('no-store');
    expect(JSON.stringify(srs.seen)).not.toContain(token);
    expect(JSON.stringify(gateway.lines)).not.toContain(token);
    const refused = await gateway.request('POST', '/whip/demo?token=nonsense', post);
    expect(refused.status).toBe(401);
  });

  test('[WHIP-71] is off by default', async () => {
    const { gateway, srs } = await startGateway();
    const reply = await gateway.request('POST', `/whip/demo?token=${aToken()}`, post);
    expect(reply.status).toBe(401);
    expect(srs.signalling).toEqual([]);
  });

  test.each(['token=a%20b', 'token=', 'token=a&token=b'])(
    '[WHIP-68] [WHIP-71] with "%s" is 400',
    async (query) => {
      const { gateway } = await startGateway({ env: { TOKEN_IN_QUERY: 'yes' } });
      const reply = await gateway.request('POST', `/whip/demo?${query}`, post);
      expect(reply.status).toBe(400);
      expect(reply.headers.get('www-authenticate')).toContain('error="invalid_request"');
    },
  );

  test('[WHIP-71] opens nothing beside WHIP and WHEP', async () => {
    const { gateway } = await startGateway({ env: { TOKEN_IN_QUERY: 'yes' } });
    const path = `/api/v1/rooms/demo?token=${aToken()}`;
    expect((await gateway.request('GET', path, { token: null })).status).toBe(401);
  });
});

describe('[WHIP-72] [HOSTILE-43] plain HTTP', () => {
  /** A client at `address` behind a proxy that came by `proto`. */
  const from = (url: string, address: string, proto?: string): string[] => [
    'GET /api/v1/rooms/demo HTTP/1.1',
    `Host: ${new URL(url).host}`,
    `Authorization: Bearer ${aToken()}`,
    `X-Forwarded-For: ${address}`,
    ...(proto === undefined ? [] : [`X-Forwarded-Proto: ${proto}`]),
    'Connection: close',
  ];
  test.each([
    ['loopback', '127.0.0.1', undefined, 200],
    ['loopback', '::1', undefined, 200],
    ['loopback', '192.168.1.7', undefined, 403],
    ['loopback', '203.0.113.7', 'http', 403],
    ['loopback', '203.0.113.7', 'https', 200],
    ['private', '192.168.1.7', undefined, 200],
    ['private', '172.31.0.1', undefined, 200],
    ['private', 'fd00::1', undefined, 200],
    ['private', '172.32.0.1', undefined, 403],
    ['private', '2001:db8::1', undefined, 403],
    ['anywhere', '203.0.113.7', undefined, 200],
  ])('with PLAIN_HTTP=%s from %s by %s is %i', async (plain, address, proto, status) => {
    const env = { PLAIN_HTTP: plain, TRUSTED_PROXIES: '127.0.0.1' };
    const { gateway } = await startGateway({ env });
    const reply = await sendRaw(gateway.url, from(gateway.url, address, proto));
    expect(reply.status).toBe(status);
    if (status === 403) expect(reply.body).toContain('"code":"https-required"');
  });

  test('is refused before the token is looked at', async () => {
    const { gateway } = await startGateway({ env: { TRUSTED_PROXIES: '127.0.0.1' } });
    const lines = from(gateway.url, '203.0.113.7').map((line) =>
      line.replace(/^Authorization.*/, 'Authorization: Bearer nonsense'),
    );
    expect((await sendRaw(gateway.url, lines)).status).toBe(403);
  });
});
