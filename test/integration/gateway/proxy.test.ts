import { describe, expect, test } from 'vitest';
import { aToken } from '../../support/gateway/a-token.ts';
import { sendRaw } from '../../support/gateway/raw-http.ts';
import { startGateway } from '../../support/gateway/start-gateway.ts';
import { anOffer } from '../../support/sdp/descriptions.ts';

const OFFER = anOffer('chromium-publish');
const BEHIND_A_PROXY = { TRUSTED_PROXIES: '127.0.0.1, 10.0.0.0/8' };

/** Without it, a token of another machine is refused. */
const HTTPS = 'X-Forwarded-Proto: https';

const aPost = (more: readonly string[], target = '/whip/demo'): string[] => [
  `POST ${target} HTTP/1.1`,
  'Host: gateway',
  `Authorization: Bearer ${aToken()}`,
  'Content-Type: application/sdp',
  `Content-Length: ${OFFER.length}`,
  'Connection: close',
  ...more,
];

/** The client's address that the node is told, and where clients are told to find the session. */
async function told(
  env: Readonly<Record<string, string>>,
  headers: readonly string[],
): Promise<{ address: string; location: string }> {
  const { gateway, srs } = await startGateway({ env });
  const reply = await sendRaw(gateway.url, aPost(headers), OFFER);
  expect(reply.status).toBe(201);
  const { rawHeaders = [] } = srs.offers[0] ?? {};
  const at = rawHeaders.findIndex((name) => name.toLowerCase() === 'x-forwarded-for');
  const location = /^Location: (\S+)\/sessions\//im.exec(reply.head)?.[1] ?? '';
  return { address: rawHeaders[at + 1] ?? '', location };
}

describe('[HOSTILE-13] what a request says about its way', () => {
  test.each([
    ['X-Forwarded-For: 203.0.113.7', 'X-Forwarded-Proto: https', 'X-Forwarded-Host: evil.example'],
    ['X-Real-IP: 203.0.113.7'],
    ['Forwarded: for=203.0.113.7;proto=https;host=evil.example'],
    ['Via: 1.1 evil.example', 'CF-Connecting-IP: 203.0.113.7', 'True-Client-IP: 203.0.113.7'],
  ])('from nobody we know counts for nothing: %s', async (...headers) => {
    expect(await told({}, headers)).toEqual({ address: '127.0.0.1', location: 'http://gateway' });
  });

  test.each([
    ['one hop', [HTTPS, 'X-Forwarded-For: 203.0.113.7']],
    ['a hop that the client made up', [HTTPS, 'X-Forwarded-For: 1.1.1.1, 203.0.113.7']],
    ['hops of ours behind it', [HTTPS, 'X-Forwarded-For: 1.1.1.1, 203.0.113.7, 10.1.2.3']],
    ['a port', [HTTPS, 'X-Forwarded-For: 203.0.113.7:4711']],
    ['Forwarded', ['Forwarded: for=203.0.113.7;proto=https']],
    [
      'Forwarded with more',
      ['Forwarded: for=1.1.1.1, For="203.0.113.7:4711" ;by=10.0.0.1; Proto=https'],
    ],
    [
      'a Forwarded that a proxy let through',
      [HTTPS, 'X-Forwarded-For: 203.0.113.7', 'Forwarded: for=1.1.1.1'],
    ],
  ])('from a trusted proxy, the nearest stranger is the client: %s', async (_, headers) => {
    expect((await told(BEHIND_A_PROXY, headers)).address).toBe('203.0.113.7');
  });

  test('IPv6 in Forwarded', async () => {
    const headers = ['Forwarded: for="[2001:db8::7]:4711";proto=https'];
    expect((await told(BEHIND_A_PROXY, headers)).address).toBe('2001:db8::7');
  });

  test.each(['unknown', '_hidden', '', '"', '999.1.1.1', 'a\tb'])(
    'an address that is none ("%s") is the proxy’s',
    async (address) => {
      for (const headers of [
        [HTTPS, `X-Forwarded-For: ${address}`],
        [`Forwarded: for=${address};proto=https`],
      ]) {
        expect((await told(BEHIND_A_PROXY, headers)).address).toBe('127.0.0.1');
      }
    },
  );

  test.each([
    [['X-Forwarded-Proto: https', 'X-Forwarded-Host: cast.example'], 'https://cast.example'],
    [
      ['Forwarded: for=203.0.113.7;proto=https;host=cast.example:8443'],
      'https://cast.example:8443',
    ],
    [
      ['Forwarded: for=1.1.1.1;host=evil.example, for=203.0.113.7;host="cast.example";proto=https'],
      'https://cast.example',
    ],
  ])('scheme and host from a trusted proxy: %j', async (headers, location) => {
    expect((await told(BEHIND_A_PROXY, headers)).location).toBe(location);
  });
});

describe('[HOSTILE-12] an absolute target', () => {
  test.each([
    ['http://evil.example/whip/demo', 400],
    ['http://user@gateway/whip/demo', 400],
    ['http://gateway/whip/demo', 201],
    ['HTTP://GATEWAY/whip/demo', 201],
  ])('%s is %i', async (target, status) => {
    const { gateway, srs } = await startGateway();
    const reply = await sendRaw(gateway.url, aPost([], target), OFFER);
    expect(reply.status).toBe(status);
    expect(JSON.stringify(srs.signalling)).not.toContain('evil');
  });

  test('a request without Host is 400', async () => {
    const { gateway } = await startGateway();
    const head = aPost([]).filter((line) => !line.startsWith('Host'));
    expect((await sendRaw(gateway.url, head, OFFER)).status).toBe(400);
  });
});

describe('/metrics without a token', () => {
  test.each([
    ['by a name of this machine', {}, 'localhost:8080', [], 200],
    ['by another name', {}, 'cast.example', [], 401],
    ['with Via', {}, '127.0.0.1', ['Via: 1.1 proxy'], 401],
    ['with Forwarded', {}, '127.0.0.1', ['Forwarded: for=1.1.1.1'], 401],
    ['with X-Real-IP', {}, '127.0.0.1', ['X-Real-IP: 1.1.1.1'], 401],
    ['where proxies are named', BEHIND_A_PROXY, '127.0.0.1', [], 401],
    ['with a public address', { PUBLIC_URL: 'https://cast.example' }, '127.0.0.1', [], 401],
    ['with an address of this machine', { PUBLIC_URL: 'http://localhost' }, '127.0.0.1', [], 200],
  ] as const)('%s', async (_, env, host, more, status) => {
    const { gateway } = await startGateway({ env });
    const head = ['GET /metrics HTTP/1.1', `Host: ${host}`, 'Connection: close', ...more];
    expect((await sendRaw(gateway.url, head)).status).toBe(status);
  });
});
