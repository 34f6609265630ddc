import { describe, expect, test } from 'vitest';
import { aToken } from '../../support/gateway/a-token.ts';
import { startGateway, type GatewayUnderTest } from '../../support/gateway/start-gateway.ts';

const ORIGIN = 'https://player.example.org';

function preflight(
  gateway: GatewayUnderTest,
  path: string,
  method: string,
  headers = 'authorization,content-type',
  origin = ORIGIN,
): Promise<Response> {
  return gateway.request('OPTIONS', path, {
    token: null,
    headers: {
      origin,
      'access-control-request-method': method,
      'access-control-request-headers': headers,
    },
  });
}

const words = (reply: Response, header: string): string[] =>
  (reply.headers.get(header) ?? '').split(', ');

test.each(['/whip/demo', '/whep/demo', '/api/v1/rooms', '/api/v1/tokens'])(
  '[CORS-01] a preflight of %s succeeds without token',
  async (path) => {
    const { gateway, srs } = await startGateway();
    const reply = await preflight(gateway, path, 'POST');
    expect(reply.status).toBe(200);
    expect(reply.headers.get('access-control-allow-origin')).toBe('*');
    expect(words(reply, 'access-control-allow-methods')).toContain('POST');
    expect(reply.headers.get('link')).toBeNull();
    expect(srs.signalling).toEqual([]);
  },
);

test.each(['PATCH', 'DELETE'])(
  '[CORS-02] a preflight of %s on a session succeeds, known or not',
  async (method) => {
    const { gateway } = await startGateway();
    const reply = await preflight(gateway, '/sessions/unknown', method, 'authorization,if-match');
    expect(reply.status).toBe(200);
    expect(words(reply, 'access-control-allow-methods')).toContain(method);
    expect(words(reply, 'access-control-allow-headers')).toContain('If-Match');
  },
);

test('[CORS-03] OPTIONS itself may be asked for', async () => {
  const { gateway } = await startGateway();
  const reply = await preflight(gateway, '/whep/demo', 'OPTIONS');
  expect(words(reply, 'access-control-allow-methods')).toContain('OPTIONS');
});

test('[CORS-04] [CORS-09] Authorization is allowed by name, for a day', async () => {
  const { gateway } = await startGateway();
  const reply = await preflight(gateway, '/whip/demo', 'POST');
  expect(words(reply, 'access-control-allow-headers')).toEqual([
    'Authorization',
    'Content-Type',
    'If-Match',
    'ETag',
  ]);
  expect(reply.headers.get('access-control-max-age')).toBe('86400');
});

test('[CORS-05] a 201 exposes what a player reads', async () => {
  const { gateway } = await startGateway();
  const reply = await gateway.whip('demo', { headers: { origin: ORIGIN } });
  expect(reply.status).toBe(201);
  expectExposed(reply);
});

describe('[CORS-06] an error tells the script what it is', () => {
  const headers = { origin: ORIGIN };
  test.each<[number, (gateway: GatewayUnderTest) => Promise<Response>]>([
    [400, (gateway) => gateway.whip('demo', { headers, offer: 'no' })],
    [401, (gateway) => gateway.whip('demo', { headers, token: null })],
    [403, (gateway) => gateway.whip('demo', { headers, token: aToken({ can: ['watch'] }) })],
    [404, (gateway) => gateway.request('DELETE', '/sessions/unknown', { headers })],
    [404, (gateway) => gateway.whip('no.dots', { headers })],
    [405, (gateway) => gateway.request('PUT', '/whip/demo', { headers })],
    [409, (gateway) => gateway.whep('demo', { headers })],
    [413, (gateway) => gateway.whip('demo', { headers, offer: 'v'.repeat(70_000) })],
    [415, (gateway) => gateway.whip('demo', { headers: { ...headers, 'content-type': 'a/b' } })],
    [401, (gateway) => gateway.request('GET', '/api/v1/rooms', { headers, token: null })],
  ])('%i', async (status, ask) => {
    const { gateway } = await startGateway();
    const reply = await ask(gateway);
    expect(reply.status).toBe(status);
    expectExposed(reply);
  });

  test('429', async () => {
    const { gateway } = await startGateway({ env: { RATE_LIMIT_PER_MINUTE: '1' } });
    await gateway.whip('demo', { headers });
    const reply = await gateway.whip('demo', { headers });
    expect(reply.status).toBe(429);
    expectExposed(reply);
  });

  test('428', async () => {
    const { gateway } = await startGateway();
    const location = (await gateway.whip()).headers.get('location') ?? '';
    const reply = await gateway.request('PATCH', location, {
      headers: { ...headers, 'content-type': 'application/trickle-ice-sdpfrag' },
    });
    expect(reply.status).toBe(428);
    expectExposed(reply);
  });
});

describe('with a list of origins', () => {
  const env = { CORS_ORIGINS: `${ORIGIN}, https://other.example.org` };

  test('[CORS-07] a listed one is echoed with Vary', async () => {
    const { gateway } = await startGateway({ env });
    const reply = await gateway.whip('demo', { headers: { origin: ORIGIN } });
    expect(reply.status).toBe(201);
    expect(reply.headers.get('access-control-allow-origin')).toBe(ORIGIN);
    expect(reply.headers.get('vary')).toMatch(/\bOrigin\b/);
  });

  test.each([
    'null',
    'https://evil@player.example.org',
    'http://player.example.org',
    'https://player.example.org.evil.com',
    'https://xplayer.example.org',
    'https://player.example.org:444',
  ])('[CORS-07] [HOSTILE-38] "%s" is refused and nothing is done', async (origin) => {
    const { gateway, srs } = await startGateway({ env });
    const reply = await gateway.whip('demo', { headers: { origin } });
    expect(reply.status).toBe(403);
    expect(reply.headers.get('access-control-allow-origin')).toBeNull();
    const asked = await preflight(gateway, '/whip/demo', 'POST', 'authorization', origin);
    expect(asked.headers.get('access-control-allow-origin')).toBeNull();
    expect(srs.signalling).toEqual([]);
  });

  test('the pages of the gateway itself may call', async () => {
    const { gateway } = await startGateway({ env });
    const reply = await gateway.whip('demo', { headers: { origin: gateway.url } });
    expect(reply.status).toBe(201);
  });
});

test.each([
  [{ PRIVATE_NETWORK_ACCESS: 'yes' }, 'true'],
  [{}, null],
])('[CORS-10] pages of public addresses may call with %j: %s', async (env, allowed) => {
  const { gateway } = await startGateway({ env });
  const headers = {
    origin: ORIGIN,
    'access-control-request-method': 'POST',
    'access-control-request-private-network': 'true',
  };
  const asked = await gateway.request('OPTIONS', '/whip/demo', { token: null, headers });
  expect(asked.headers.get('access-control-allow-private-network')).toBe(allowed);
  const plain = await preflight(gateway, '/whip/demo', 'POST');
  expect(plain.headers.get('access-control-allow-private-network')).toBeNull();
});

test('[CORS-08] credentials are never allowed', async () => {
  const { gateway } = await startGateway();
  for (const reply of [
    await preflight(gateway, '/whip/demo', 'POST'),
    await gateway.whip('demo', { headers: { origin: ORIGIN } }),
  ]) {
    expect(reply.headers.get('access-control-allow-credentials')).toBeNull();
  }
});

function expectExposed(reply: Response): void {
  expect(reply.headers.get('access-control-allow-origin')).toBe('*');
  expect(words(reply, 'access-control-expose-headers')).toEqual(
    expect.arrayContaining([
      'Location',
      'ETag',
      'Link',
      'Accept-Post',
      'Accept-Patch',
      'Retry-After',
      'WWW-Authenticate',
      'Access-Control-Allow-Methods',
    ]),
  );
}
