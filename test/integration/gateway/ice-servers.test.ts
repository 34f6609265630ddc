import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { aToken } from '../../support/gateway/a-token.ts';
import { sendRaw } from '../../support/gateway/raw-http.ts';
import {
  aFolder,
  problemOf,
  startGateway,
  type GatewayUnderTest,
} from '../../support/gateway/start-gateway.ts';
import { anOffer } from '../../support/sdp/descriptions.ts';

const SERVERS = [
  { urls: 'stun:stun.example.net' },
  {
    urls: ['turn:turn.example.net:3478?transport=udp', 'turns:turn.example.net:5349'],
    username: '1790000000:anna',
    credential: 'q+/=secret',
  },
];
const LINES = [
  '<stun:stun.example.net>; rel="ice-server"',
  '<turn:turn.example.net:3478?transport=udp>; rel="ice-server"; username="1790000000:anna"; credential="q+/=secret"; credential-type="password"',
  '<turns:turn.example.net:5349>; rel="ice-server"; username="1790000000:anna"; credential="q+/=secret"; credential-type="password"',
];

function aServerFile(content: unknown = SERVERS): { ICE_SERVERS_FILE: string } {
  const file = join(aFolder(), 'ice-servers.json');
  writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
  return { ICE_SERVERS_FILE: file };
}

const iceLinks = (head: string): string[] =>
  head.split('\r\n').flatMap((line) => /^Link: (.*; rel="ice-server".*)$/.exec(line)?.[1] ?? []);

/** Field lines as they are on the wire; fetch joins them. */
function post(gateway: GatewayUnderTest, path: string, offer: string) {
  const lines = [
    `POST ${path} HTTP/1.1`,
    `Host: ${new URL(gateway.url).host}`,
    `Authorization: Bearer ${aToken()}`,
    'Content-Type: application/sdp',
    `Content-Length: ${offer.length}`,
    'Connection: close',
  ];
  return sendRaw(gateway.url, lines, offer);
}

describe('with a file of ICE servers', () => {
  test('[WHIP-64] [WHIP-65] [WHEP-18] a 201 has one Link line for each', async () => {
    const { gateway } = await startGateway({ env: aServerFile() });
    const published = await post(gateway, '/whip/demo', anOffer('chromium-publish'));
    expect(published.status).toBe(201);
    expect(iceLinks(published.head)).toEqual(LINES);
    const watched = await post(gateway, '/whep/demo', anOffer('chromium-watch'));
    expect(watched.status).toBe(201);
    expect(iceLinks(watched.head)).toEqual(LINES);
  });

  test.each(['/whip/demo', '/whep/demo'])(
    '[WHIP-66] OPTIONS %s has them with a token only',
    async (path) => {
      const { gateway } = await startGateway({ env: aServerFile() });
      const known = await gateway.request('OPTIONS', path);
      expect(known.status).toBe(200);
      expect(known.headers.get('link')).toBe(LINES.join(', '));
      const unknown = await gateway.request('OPTIONS', path, { token: null });
      expect(unknown.status).toBe(200);
      expect(unknown.headers.get('link')).toBeNull();
    },
  );

  test('[WHIP-66] OPTIONS with a bad token is 401, with one for another room 403', async () => {
    const { gateway } = await startGateway({ env: aServerFile() });
    for (const [token, status] of [
      ['nonsense', 401],
      [aToken({ room: 'other' }), 403],
    ] as const) {
      const reply = await gateway.request('OPTIONS', '/whip/demo', { token });
      expect(reply.status).toBe(status);
      expect(reply.headers.get('link')).toBeNull();
    }
  });

  test('[WHIP-66] [CORS-01] a preflight never has them, even with a token', async () => {
    const { gateway } = await startGateway({ env: aServerFile() });
    const reply = await gateway.request('OPTIONS', '/whip/demo', {
      headers: { origin: 'https://a.example', 'access-control-request-method': 'POST' },
    });
    expect(reply.status).toBe(200);
    expect(reply.headers.get('link')).toBeNull();
  });

  test('a page gets them before its offer, with any valid token', async () => {
    const { gateway } = await startGateway({ env: aServerFile({ iceServers: SERVERS }) });
    const token = aToken({ room: 'other', can: ['control'] });
    expect(await gateway.json('/api/v1/ice-servers', token)).toEqual({
      iceServers: [{ urls: ['stun:stun.example.net'] }, SERVERS[1]],
    });
    const refused = await gateway.request('GET', '/api/v1/ice-servers', { token: null });
    expect(refused.status).toBe(401);
    expect(await problemOf(refused)).toMatchObject({ code: 'token-missing' });
  });

  test('credentials are in no log line', async () => {
    const { gateway } = await startGateway({ env: aServerFile() });
    await gateway.whip();
    await gateway.request('GET', '/api/v1/ice-servers');
    expect(JSON.stringify(gateway.lines)).not.toContain('q+/=secret');
  });
});

test('[WHIP-21] without a file a 201 of WHIP links to its events alone, and the list is empty', async () => {
  const { gateway } = await startGateway();
  expect((await gateway.whip()).headers.get('link')).toMatch(
    /^<[^>]+\/events\/[\w-]+>; rel="urn:ietf:params:whip:ext:pixelcast:server-sent-events"; events="reconnect"$/,
  );
  expect((await gateway.request('OPTIONS', '/whip/demo')).headers.get('link')).toBeNull();
  expect(await gateway.json('/api/v1/ice-servers', aToken())).toEqual({ iceServers: [] });
});

test.each([
  ['is no JSON', '{"iceServers": [}', 'is no JSON'],
  ['has no list', { servers: [] }, 'iceServers:'],
  ['has an unknown scheme', [{ urls: 'http://a' }], 'iceServers.0.urls'],
  ['has TURN without credentials', [{ urls: 'turn:a' }], 'iceServers.0.username: is missing'],
  ['has STUN with credentials', [{ urls: 'stun:a', username: 'a' }], 'belongs to TURN'],
  [
    'has a credential that a client would cut',
    [{ urls: 'turn:a', username: 'a', credential: 'top;secret' }],
    'iceServers.0.credential: must be 1 to 512',
  ],
  ['has a misspelt member', [{ url: 'stun:a' }], 'iceServers.0'],
])('[WHIP-65] a file that %s stops the start and says why', async (_, content, why) => {
  const started = startGateway({ env: aServerFile(content) });
  await expect(started).rejects.toThrow(/ICE_SERVERS_FILE: /);
  await expect(started).rejects.toThrow(why);
  await expect(started).rejects.not.toThrow('top;secret');
});
