import { describe, expect, test } from 'vitest';
import { sendRaw } from '../../support/gateway/raw-http.ts';
import { problemOf, startGateway } from '../../support/gateway/start-gateway.ts';

const ENDPOINTS = ['/whip/demo', '/whep/demo', '/whip/demo/camera', '/whep/demo/camera'];

test('[WHIP-35] [WHIP-36] GET and HEAD on a WHIP endpoint are 204 without a token', async () => {
  const { gateway, srs } = await startGateway();
  for (const method of ['GET', 'HEAD']) {
    const reply = await gateway.request(method, '/whip/demo', { token: null });
    expect(reply.status).toBe(204);
  }
  expect(srs.signalling).toEqual([]);
});

test('[WHEP-21] GET and HEAD on a WHEP endpoint are 200, empty, application/sdp', async () => {
  const { gateway, srs } = await startGateway();
  for (const method of ['GET', 'HEAD']) {
    const reply = await gateway.request(method, '/whep/demo', { token: null });
    expect(reply.status).toBe(200);
    expect(reply.headers.get('content-type')).toBe('application/sdp');
    expect(await reply.text()).toBe('');
  }
  expect(srs.signalling).toEqual([]);
});

test.each(['PUT', 'PATCH', 'DELETE'])(
  '[WHIP-37] %s on an endpoint is 405 with Allow',
  async (method) => {
    const { gateway, srs } = await startGateway();
    for (const path of ENDPOINTS) {
      const reply = await gateway.request(method, path, { body: 'v=0\r\n' });
      expect(reply.status).toBe(405);
      expect(reply.headers.get('allow')).toBe('GET, HEAD, OPTIONS, POST');
      expect(await problemOf(reply)).toMatchObject({ code: 'method-not-allowed' });
    }
    expect(srs.signalling).toEqual([]);
  },
);

test.each(['POST', 'PUT'])('[WHIP-37] %s on a session is 405 with Allow', async (method) => {
  const { gateway } = await startGateway();
  const location = (await gateway.whip()).headers.get('location') ?? '';
  const reply = await gateway.request(method, location, { body: '{"mute":true}' });
  expect(reply.status).toBe(405);
  expect(reply.headers.get('allow')).toBe('DELETE, GET, HEAD, OPTIONS, PATCH');
});

test('[WHIP-38] an unknown method is 501', async () => {
  const { gateway, srs } = await startGateway();
  const host = new URL(gateway.url).host;
  const reply = await sendRaw(gateway.url, ['BREW /whip/demo HTTP/1.1', `Host: ${host}`]);
  expect(reply.status).toBe(501);
  expect(srs.signalling).toEqual([]);
});

test.each(['PROPFIND', 'M-SEARCH', 'LINK'])(
  '[WHIP-38] %s, which node knows and we do not, is 501',
  async (method) => {
    const { gateway } = await startGateway();
    const lines = [`${method} /whip/demo HTTP/1.1`, 'Host: a', 'Connection: close'];
    const reply = await sendRaw(gateway.url, lines);
    expect(reply.status).toBe(501);
    expect(reply.body).toContain('"code":"method-unknown"');
  },
);

describe('OPTIONS', () => {
  test.each(ENDPOINTS)('[WHIP-39] on %s is 200 with Accept-Post, no token needed', async (path) => {
    const { gateway, srs } = await startGateway();
    const reply = await gateway.request('OPTIONS', path, { token: null });
    expect(reply.status).toBe(200);
    expect(reply.headers.get('accept-post')).toBe('application/sdp');
    expect(reply.headers.get('link')).toBeNull();
    expect(srs.signalling).toEqual([]);
  });

  test('[WHIP-57] on a session has Accept-Patch', async () => {
    const { gateway } = await startGateway();
    const location = (await gateway.whip()).headers.get('location') ?? '';
    const reply = await gateway.request('OPTIONS', location, { token: null });
    expect(reply.status).toBe(200);
    expect(reply.headers.get('accept-patch')).toBe('application/trickle-ice-sdpfrag');
  });
});

test('every answer has the headers of caution, and no trace of express', async () => {
  const { gateway } = await startGateway();
  for (const path of ['/', '/whip/demo', '/nothing', '/healthz', '/api/v1/rooms']) {
    const { headers } = await gateway.request('GET', path, { token: null });
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('referrer-policy')).toBe('no-referrer');
    expect(headers.get('x-frame-options')).toBe('DENY');
    expect(headers.get('permissions-policy')).toContain('display-capture=(self)');
    expect(headers.get('x-powered-by')).toBeNull();
    expect(headers.get('x-request-id')).toMatch(/^[\w-]{36}$/);
  }
});

test('pages may load from here and nowhere else', async () => {
  const { gateway } = await startGateway();
  const csp = (await gateway.request('GET', '/', { token: null })).headers.get(
    'content-security-policy',
  );
  expect(csp).toContain("default-src 'none'");
  expect(csp).toContain("script-src 'self'");
  expect(csp).toContain("frame-ancestors 'none'");
  expect(csp).not.toMatch(/unsafe|https?:|\*/);
});
