import { connect } from 'node:net';
import { once } from 'node:events';
import { describe, expect, test } from 'vitest';
import { aToken } from '../../support/gateway/a-token.ts';
import { startFakeSrs } from '../../support/gateway/fake-srs.ts';
import { sendRaw } from '../../support/gateway/raw-http.ts';
import { startGateway } from '../../support/gateway/start-gateway.ts';
import { anOffer } from '../../support/sdp/descriptions.ts';

const OFFER = anOffer('chromium-publish');

/** A whole WHIP request, line by line, so that any line can be bent. */
function aPost(target: string, more: readonly string[] = [], host = 'gateway'): string[] {
  return [
    `POST ${target} HTTP/1.1`,
    `Host: ${host}`,
    `Authorization: Bearer ${aToken({ room: '*', can: ['admin'] })}`,
    'Content-Type: application/sdp',
    `Content-Length: ${OFFER.length}`,
    'Connection: close',
    ...more,
  ];
}

const headerValues = (rawHeaders: readonly string[], name: string): string[] =>
  rawHeaders.filter((_, index) => rawHeaders[index - 1]?.toLowerCase() === name && index % 2 === 1);

describe('[HOSTILE-08] a name that would mean something to SRS', () => {
  test.each([
    'a,action,play',
    'a&eip=1.2.3.4',
    'a;encrypt=false',
    'a=b',
    'a%26b',
    'a%3Bb',
    'a.flv',
    'a%0d%0aSet-Cookie:x',
    'a'.repeat(65),
    '%C3%A9',
    '%EF%BC%8F',
    'a%00',
    '%C0%AE',
    '%',
  ])('%s is 4xx and never reaches it', async (name) => {
    const { gateway, srs } = await startGateway();
    for (const path of [`/whip/${name}`, `/whip/demo/${name}`, `/whep/${name}`]) {
      const reply = await sendRaw(gateway.url, aPost(path), OFFER);
      expect([400, 404]).toContain(reply.status);
      expect(reply.head).not.toContain('Set-Cookie');
    }
    expect(srs.signalling).toEqual([]);
  });
});

describe('[HOSTILE-09] a path that would leave its place', () => {
  test.each([
    '/whip/..',
    '/whip/../api/v1/clients/',
    '/whip/%2e%2e%2fapi',
    '/whip/%252e%252e',
    '/whip//demo',
    '//whip/demo',
    '/whip/demo/',
    '/whip/demo/main/',
    '/whip/demo\\main',
    '/WHIP/demo',
    '/whip/demo/main/more',
    '/sessions/../whip/demo',
  ])('%s is 4xx', async (path) => {
    const { gateway, srs } = await startGateway();
    const reply = await sendRaw(gateway.url, aPost(path), OFFER);
    expect([400, 404, 405]).toContain(reply.status);
    expect(srs.signalling).toEqual([]);
  });
});

test('[HOSTILE-11] no query of a client reaches SRS; ours has its fixed order', async () => {
  const { gateway, srs } = await startGateway();
  const query =
    'action=play&vhost=x&domain=y&callback=f&method=DELETE&eip=1.2.3.4&codec=av1&encrypt=false&ice-ufrag=abcd&app=z&stream=z';
  expect((await sendRaw(gateway.url, aPost(`/whip/demo?${query}`), OFFER)).status).toBe(201);
  expect(srs.offers.map(({ url }) => url)).toEqual([
    expect.stringMatching(/^\/rtc\/v1\/whip\/\?app=demo&stream=main&ticket=[0-9a-f]{32}$/),
  ]);
});

test('[HOSTILE-11] the codec stands between stream and ticket', async () => {
  const { gateway, srs } = await startGateway();
  const offer = anOffer('chromium-publish-av1');
  expect((await gateway.whip('demo', { offer })).status).toBe(201);
  expect(srs.offers[0]?.url).toMatch(/\?app=demo&stream=main&codec=av1&ticket=[0-9a-f]{32}$/);
});

describe('[HOSTILE-12] a Host', () => {
  test.each(['evil.example', 'evil:1234', 'user@evil', '[::1]:80', '"', 'a b'])(
    '"%s" never reaches SRS',
    async (host) => {
      const { gateway, srs } = await startGateway();
      const reply = await sendRaw(gateway.url, aPost('/whip/demo', [], host), OFFER);
      expect(reply.status).toBe(/["@ ]/.test(host) ? 400 : 201);
      for (const { rawHeaders } of srs.offers) {
        expect(headerValues(rawHeaders, 'host')).toEqual(['localhost']);
        expect(rawHeaders.join(' ')).not.toContain('evil');
      }
    },
  );

  test('sent twice is 400', async () => {
    const { gateway, srs } = await startGateway();
    const reply = await sendRaw(gateway.url, aPost('/whip/demo', ['Host: evil']), OFFER);
    expect(reply.status).toBe(400);
    expect(srs.signalling).toEqual([]);
  });

  test('in an absolute target changes nothing for SRS', async () => {
    const { gateway, srs } = await startGateway();
    await sendRaw(gateway.url, aPost('http://evil.example/whip/demo'), OFFER);
    for (const { rawHeaders, url } of srs.offers) {
      expect(headerValues(rawHeaders, 'host')).toEqual(['localhost']);
      expect(url).not.toContain('evil');
    }
  });
});

describe('[HOSTILE-13] the address that SRS sees', () => {
  const forged = [
    'X-Forwarded-For: 6.6.6.6, 7.7.7.7',
    'X-Real-IP: 6.6.6.6',
    'Forwarded: for=6.6.6.6',
  ];

  test('is the peer, once, whatever a client claims', async () => {
    const { gateway, srs } = await startGateway();
    expect((await sendRaw(gateway.url, aPost('/whip/demo', forged), OFFER)).status).toBe(201);
    const { rawHeaders = [] } = srs.offers[0] ?? {};
    expect(headerValues(rawHeaders, 'x-forwarded-for')).toEqual(['127.0.0.1']);
    expect(headerValues(rawHeaders, 'x-real-ip')).toEqual(['127.0.0.1']);
    expect(rawHeaders.join(' ')).not.toContain('6.6.6.6');
  });

  test('is what a trusted proxy added last', async () => {
    const { gateway, srs } = await startGateway({
      env: { TRUSTED_PROXIES: '127.0.0.0/8', PLAIN_HTTP: 'anywhere' },
    });
    expect((await sendRaw(gateway.url, aPost('/whip/demo', forged), OFFER)).status).toBe(201);
    const { rawHeaders = [] } = srs.offers[0] ?? {};
    expect(headerValues(rawHeaders, 'x-forwarded-for')).toEqual(['7.7.7.7']);
  });

  test('is an address even when a trusted proxy forwards nonsense', async () => {
    const { gateway, srs } = await startGateway({
      env: { TRUSTED_PROXIES: '127.0.0.1', PLAIN_HTTP: 'anywhere' },
    });
    const nonsense = ['X-Forwarded-For: <script>'];
    expect((await sendRaw(gateway.url, aPost('/whip/demo', nonsense), OFFER)).status).toBe(201);
    const { rawHeaders = [] } = srs.offers[0] ?? {};
    expect(headerValues(rawHeaders, 'x-forwarded-for')).toEqual(['127.0.0.1']);
  });
});

test('[D11] no header of a client reaches SRS', async () => {
  const { gateway, srs } = await startGateway();
  const more = ['Cookie: a=b', 'X-Http-Method-Override: DELETE', 'Origin: https://evil.example'];
  expect((await sendRaw(gateway.url, aPost('/whip/demo', more), OFFER)).status).toBe(201);
  const { rawHeaders = [] } = srs.offers[0] ?? {};
  const names = rawHeaders.filter((_, index) => index % 2 === 0).map((name) => name.toLowerCase());
  expect(names.toSorted()).toEqual([
    'connection',
    'content-length',
    'content-type',
    'host',
    'x-forwarded-for',
    'x-real-ip',
  ]);
});

test('[P7] every request of signalling has a connection of its own', async () => {
  const { gateway, srs } = await startGateway();
  await gateway.whip();
  await gateway.whep();
  for (const { rawHeaders } of srs.signalling) {
    expect(headerValues(rawHeaders, 'connection')).toEqual(['close']);
  }
});

test('[HOSTILE-20] a session address bent in any way is 404 and ends nothing', async () => {
  const { gateway } = await startGateway();
  const location = new URL((await gateway.whip()).headers.get('location') ?? '').pathname;
  const secret = location.slice('/sessions/'.length);
  const swapped = /[a-z]/i.exec(secret)?.[0] ?? '';
  const other = swapped === swapped.toLowerCase() ? swapped.toUpperCase() : swapped.toLowerCase();
  for (const path of [
    `/sessions/${secret.replace(swapped, other)}`,
    `${location}/`,
    `${location}x`,
    `${location}/x`,
    `/whip/demo/${secret}x`,
    '/sessions/__proto__',
    '/sessions/constructor',
    '/sessions/',
  ]) {
    const reply = await gateway.request('DELETE', path);
    expect([404, 405]).toContain(reply.status);
  }
  expect((await gateway.request('GET', location)).status).toBe(204);
});

describe('[HOSTILE-27] two readings of one request', () => {
  const chunked = `${OFFER.length.toString(16)}\r\n${OFFER}\r\n0\r\n\r\n`;
  test.each([
    ['Content-Length and Transfer-Encoding', ['Transfer-Encoding: chunked'], chunked],
    ['two lengths', ['Content-Length: 5'], OFFER],
    ['two codings', ['Transfer-Encoding: chunked, identity'], chunked],
    ['a folded header', ['X-Folded: a', ' b: c'], OFFER],
    ['a bare LF', ['X-Bare: a\nX-Other: b'], OFFER],
    ['a blank before the colon', ['Transfer-Encoding : chunked'], chunked],
  ])('%s is 400 and closes', async (_, more, body) => {
    const { gateway, srs } = await startGateway();
    const reply = await sendRaw(gateway.url, aPost('/whip/demo', more), body);
    expect(reply.status).toBe(400);
    expect(srs.signalling).toEqual([]);
  });
});

describe('[HOSTILE-32] headers', () => {
  test('of 64 KiB are 431', async () => {
    const { gateway } = await startGateway();
    const reply = await sendRaw(gateway.url, aPost('/whip/demo', [`X-Big: ${'a'.repeat(65_536)}`]));
    expect(reply.status).toBe(431);
  });

  test('with control characters are 400', async () => {
    const { gateway } = await startGateway();
    const reply = await sendRaw(gateway.url, aPost('/whip/demo', ['X-\u0001: a']), OFFER);
    expect(reply.status).toBe(400);
  });

  test('five hundred of them do no harm', async () => {
    const { gateway } = await startGateway();
    const many = Array.from({ length: 500 }, (_, index) => `X-${index}: a`);
    const reply = await sendRaw(gateway.url, aPost('/whip/demo', many), OFFER);
    expect([201, 400, 431]).toContain(reply.status);
  });
});

test('[HOSTILE-28] pipelined requests are answered in order', async () => {
  const { gateway } = await startGateway();
  const lines = ['GET /healthz HTTP/1.1', 'Host: a', '', 'GET /nothing HTTP/1.1', 'Host: a', ''];
  const reply = await sendRaw(gateway.url, [
    ...lines,
    'GET /whip/demo HTTP/1.1',
    'Host: a',
    'Connection: close',
  ]);
  const all = `${reply.head}\r\n\r\n${reply.body}`;
  expect([...all.matchAll(/HTTP\/1\.1 (\d{3})/g)].map(([, status]) => status)).toEqual([
    '200',
    '404',
    '204',
  ]);
});

test('[HOSTILE-36] clients that go before the answer leave nothing at the node', async () => {
  const srs = await startFakeSrs();
  const { gateway } = await startGateway({ srs });
  const { promise, resolve } = Promise.withResolvers<undefined>();
  srs.gate = promise;
  const socket = connect(Number(new URL(gateway.url).port), '127.0.0.1');
  socket.write(`${aPost('/whip/demo').join('\r\n')}\r\n\r\n${OFFER}`);
  await expect.poll(() => srs.offers.length).toBe(1);
  socket.destroy();
  await once(socket, 'close');
  await expect.poll(() => gateway.lines.length).toBeGreaterThan(0);
  resolve(undefined);
  await expect.poll(() => srs.deletions.length).toBe(1);
  expect(srs.clients.size).toBe(0);
});
