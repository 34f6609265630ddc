import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { aToken, anAdminToken } from '../../support/gateway/a-token.ts';
import {
  aFolder,
  startGateway,
  type GatewayUnderTest,
} from '../../support/gateway/start-gateway.ts';
import { sendJson, startFakeProvider, type FakeProvider } from '../../support/ice/fake-provider.ts';
import { waitFor } from '../../support/wait-for.ts';

interface List {
  readonly iceServers: readonly { urls: string[]; username?: string; credential?: string }[];
  readonly ttlSeconds?: number;
}

const read = async (gateway: GatewayUnderTest, token = aToken()): Promise<List> =>
  (await gateway.json('/api/v1/ice-servers', token)) as List;
const urlsOf = ({ iceServers }: List): string[] => iceServers.flatMap(({ urls }) => urls);
const login = { username: 'api-user', credential: 'api-credential' };
const turn = (url: string) => ({ urls: url, ...login });

async function withProvider(
  env: (provider: FakeProvider) => Record<string, string>,
  answer: FakeProvider['answer'],
): Promise<{ gateway: GatewayUnderTest; provider: FakeProvider }> {
  const provider = await startFakeProvider();
  provider.answer = answer;
  const { gateway } = await startGateway({ env: env(provider) });
  return { gateway, provider };
}

describe('a file of ICE servers', () => {
  test('[ICE-01] is read anew when it changes; a bad one is told and changes nothing', async () => {
    const file = join(aFolder(), 'ice.json');
    writeFileSync(file, JSON.stringify([{ urls: 'stun:one.example' }]));
    const { gateway } = await startGateway({ env: { ICE_SERVERS_FILE: file } });
    expect(urlsOf(await read(gateway))).toEqual(['stun:one.example']);
    writeFileSync(file, '[{"urls":"turn:a","username":"u","credential":"top;secret"}]');
    const isTold = () =>
      gateway.lines.find(({ detail }) => /credential: must be/.test(String(detail)));
    await waitFor(isTold, { what: 'the line about the bad file' });
    expect(urlsOf(await read(gateway))).toEqual(['stun:one.example']);
    writeFileSync(file, JSON.stringify([{ urls: 'stun:two.example' }]));
    await waitFor(async () => urlsOf(await read(gateway))[0] === 'stun:two.example', {
      what: 'the new list',
    });
    rmSync(file);
    await waitFor(() => gateway.lines.some(({ detail }) => /cannot be read/.test(String(detail))), {
      what: 'the line about the missing file',
    });
    expect(urlsOf(await read(gateway))).toEqual(['stun:two.example']);
    expect(JSON.stringify(gateway.lines)).not.toContain('top;secret');
  });
});

describe('a REST service', () => {
  test('[ICE-04] is asked in the background with its header, before a join and before its list ends', async () => {
    const { gateway, provider } = await withProvider(
      ({ url }) => ({ ICE_API_URL: `${url}/ice?x=1`, ICE_API_AUTHORIZATION: 'Bearer api-secret' }),
      (res) => sendJson(res, { iceServers: [turn('turn:a.example')], ttl: 3 }),
    );
    await waitFor(async () => urlsOf(await read(gateway)).length === 1, { what: 'the list' });
    expect((await read(gateway)).ttlSeconds).toBeLessThan(3);
    await waitFor(() => provider.seen.length === 3, { what: 'the list to be renewed twice' });
    expect(provider.seen[0]).toMatchObject({
      ...{ method: 'GET', path: '/ice?x=1', authorization: 'Bearer api-secret' },
    });
    expect(JSON.stringify(gateway.lines)).not.toMatch(/api-secret|api-credential/);
  });

  test('[ICE-07] is asked for each token where its address names the subject', async () => {
    const file = join(aFolder(), 'header');
    writeFileSync(file, 'Token one\n');
    const { gateway, provider } = await withProvider(
      ({ url }) => ({
        ICE_API_URL: `${url}/for/{subject}?ttl={ttl}`,
        ICE_API_AUTHORIZATION_FILE: file,
        ICE_LIFETIME_SECONDS: '600',
      }),
      (res, { path }) => sendJson(res, [turn(`turn:t${path.includes('anna') ? 1 : 2}.example`)]),
    );
    expect(urlsOf(await read(gateway))).toEqual(['turn:t1.example']);
    writeFileSync(file, 'Token two\n');
    const other = aToken({ sub: 'b/b', seconds: 290 });
    expect(urlsOf(await read(gateway, other))).toEqual(['turn:t2.example']);
    expect(provider.seen.map(({ authorization }) => authorization)).toEqual([
      'Token one',
      'Token two',
    ]);
    expect(provider.seen[0]?.path).toBe('/for/anna?ttl=600');
    expect(provider.seen[1]?.path).toMatch(/^\/for\/%3D[\w-]{22}\?ttl=2\d\d$/);
  });

  test.each<[string, FakeProvider['answer'], string]>([
    ['answers 500', (res) => sendJson(res, 'top-secret', { status: 500 }), 'answers 500'],
    [
      'redirects to another host',
      (res) => res.writeHead(302, { location: 'http://192.0.2.1/top-secret' }).end(),
      'answers 302',
    ],
    ['sends no JSON', (res) => res.end('{"credential":"top-secret"'), 'is no JSON'],
    ['sends no list', (res) => sendJson(res, { iceServers: 'top-secret' }), 'no server|no usable'],
    ['sends too much', (res) => res.end(`"top-secret${'x'.repeat(70_000)}"`), 'larger than 65536'],
    ['hangs up', (res) => res.destroy(), 'cannot be reached'],
  ])('[ICE-05] [ICE-13] that %s is told to the administrator alone', async (_, answer, why) => {
    const { gateway } = await withProvider(
      ({ url }) => ({ ICE_API_URL: url, TURN_URLS: 'turn:own.example' }),
      answer,
    );
    const view = await waitFor(
      async () => {
        const { items } = (await gateway.json('/api/v1/ice-sources', anAdminToken())) as {
          items: { source: string; failures: number; lastError: string | null }[];
        };
        return items.find(({ source, failures }) => source === 'api' && failures > 0);
      },
      { what: 'the failure' },
    );
    expect(view.lastError).toMatch(new RegExp(why));
    expect(urlsOf(await read(gateway))).toEqual(['turn:own.example']);
    expect(JSON.stringify([view, gateway.lines])).not.toContain('top-secret');
  });
});

describe('several sources', () => {
  test('[ICE-11] one that does not answer keeps a list waiting shortly, and a session not at all', async () => {
    const { gateway, provider } = await withProvider(
      ({ url }) => ({
        ...{ CLOUDFLARE_TURN_KEY_ID: 'key', CLOUDFLARE_TURN_API_TOKEN: 'cf-token' },
        ...{ CLOUDFLARE_TURN_API_URL: url, TURN_URLS: 'turn:own.example' },
      }),
      () => undefined,
    );
    const token = aToken();
    const created = await gateway.whip('demo', { token });
    expect(created.status).toBe(201);
    expect(created.headers.get('link')).toContain('turn:own.example');
    expect(urlsOf(await read(gateway, token))).toEqual(['turn:own.example']);
    // All of it came while the provider was still being asked, once.
    expect(provider.seen).toHaveLength(1);
  });

  test('[ICE-10] are named in the order of ICE_SOURCES, and those left out are not asked', async () => {
    const file = join(aFolder(), 'ice.json');
    writeFileSync(file, JSON.stringify([{ urls: 'stun:file.example' }]));
    const { gateway, provider } = await withProvider(
      ({ url }) => ({
        ...{ ICE_SERVERS_FILE: file, TURN_URLS: 'turn:own.example,stun:file.example:3478' },
        ...{ ICE_API_URL: url, ICE_SOURCES: 'turn,file' },
      }),
      (res) => sendJson(res, [turn('turn:a.example')]),
    );
    expect(urlsOf(await read(gateway))).toEqual(['stun:file.example:3478', 'turn:own.example']);
    expect(provider.seen).toEqual([]);
  });
});

describe('Cloudflare', () => {
  const cloudflare: FakeProvider['answer'] = (res, { path }) => {
    if (path.endsWith('/revoke')) res.writeHead(204).end();
    else {
      const urls = ['turn:turn.cf.example:3478?transport=udp', 'turn:turn.cf.example:53'];
      const iceServers = [
        { urls: ['stun:stun.cf.example:3478', 'stun:stun.cf.example:53'] },
        { urls, username: 'cf-user', credential: 'cf-credential' },
      ];
      sendJson(res, { iceServers }, { status: 201 });
    }
  };
  const env = ({ url }: FakeProvider) => ({
    ...{ CLOUDFLARE_TURN_KEY_ID: 'key', CLOUDFLARE_TURN_API_TOKEN: 'cf-token' },
    CLOUDFLARE_TURN_API_URL: `${url}/`,
  });

  test('[ICE-07] [ICE-12] is asked with the subject and a life within the token’s', async () => {
    const { gateway, provider } = await withProvider(env, cloudflare);
    const list = await read(gateway, aToken({ seconds: 1000 }));
    expect(urlsOf(list)).toEqual([
      'stun:stun.cf.example:3478',
      'turn:turn.cf.example:3478?transport=udp',
    ]);
    expect(list.ttlSeconds).toBeGreaterThan(900);
    expect(list.ttlSeconds).toBeLessThanOrEqual(1000);
    const [request] = provider.seen;
    expect(request).toMatchObject({
      method: 'POST',
      path: '/v1/turn/keys/key/credentials/generate-ice-servers',
      authorization: 'Bearer cf-token',
    });
    const { ttl, customIdentifier } = JSON.parse(request?.body ?? '') as Record<string, unknown>;
    expect(customIdentifier).toBe('anna');
    expect(ttl).toBeGreaterThan(900);
    expect(ttl).toBeLessThanOrEqual(1000);
    expect(JSON.stringify(gateway.lines)).not.toMatch(/cf-token|cf-credential/);
  });

  test('[ICE-08] loses the credentials of a token that is revoked', async () => {
    const { gateway, provider } = await withProvider(env, cloudflare);
    await read(gateway);
    const reply = await gateway.request('POST', '/api/v1/revocations', {
      token: anAdminToken(),
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ sub: 'anna' }),
    });
    expect(reply.status).toBe(201);
    const path = '/v1/turn/keys/key/credentials/cf-user/revoke';
    await waitFor(() => provider.seen.find((request) => request.path === path), {
      what: 'the revocation',
    });
  });
});

test('[ICE-09] Twilio is asked for a token with a life, by account and its secret', async () => {
  const { gateway, provider } = await withProvider(
    ({ url }) => ({
      ...{ TWILIO_ACCOUNT_SID: 'AC123', TWILIO_AUTH_TOKEN: 'tw-token', TWILIO_API_URL: url },
      ICE_LIFETIME_SECONDS: '600',
    }),
    (res) => {
      const server = { url: 'turn:tw.example', urls: 'turn:tw.example', ...login };
      const stun = { url: 'stun:tw.example', urls: 'stun:tw.example' };
      sendJson(res, { ttl: '600', ice_servers: [stun, server], ...login }, { status: 201 });
    },
  );
  const list = await read(gateway);
  expect(list.iceServers).toEqual([
    { urls: ['stun:tw.example'] },
    { urls: ['turn:tw.example'], ...login },
  ]);
  expect(list.ttlSeconds).toBeLessThanOrEqual(600);
  expect(provider.seen).toEqual([
    {
      method: 'POST',
      path: '/2010-04-01/Accounts/AC123/Tokens.json',
      authorization: `Basic ${Buffer.from('AC123:tw-token').toString('base64')}`,
      body: 'Ttl=600',
    },
  ]);
});

test('[ICE-02] [ICE-12] own TURN servers come with credentials for the subject, in Link headers too', async () => {
  const { gateway } = await startGateway({
    env: { TURN_URLS: 'turn:own.example?transport=tcp', TURN_SECRET: 'a secret for coturn' },
  });
  const token = aToken({ sub: 'bob', seconds: 900 });
  const list = await read(gateway, token);
  const { username = '' } = list.iceServers[0] ?? {};
  expect(username).toMatch(/^\d{10}:bob$/);
  expect(list.ttlSeconds).toBeGreaterThan(800);
  expect(list.ttlSeconds).toBeLessThanOrEqual(900);
  for (const reply of [
    await gateway.whip('demo', { token }),
    await gateway.request('OPTIONS', '/whep/demo', { token }),
  ]) {
    expect(reply.headers.get('link')).toContain(`username="${username}"`);
  }
});

test.each([
  [{ CLOUDFLARE_TURN_KEY_ID: 'key' }, 'CLOUDFLARE_TURN_KEY_ID: goes together'],
  [{ TWILIO_AUTH_TOKEN: 'token' }, 'TWILIO_ACCOUNT_SID: goes together'],
  [{ ICE_API_URL: 'http://metadata.example/' }, 'ICE_API_URL: must be https'],
  [{ ICE_API_AUTHORIZATION: 'a', ICE_API_AUTHORIZATION_FILE: 'b' }, 'stands alone'],
  [{ TURN_URLS: 'http://a' }, 'TURN_URLS.0: must be stun:host'],
  [{ ICE_SOURCES: 'file,nowhere' }, 'ICE_SOURCES.1'],
  [{ ICE_LIFETIME_SECONDS: '1' }, 'ICE_LIFETIME_SECONDS: must be from 600'],
])('[ICE-05] settings that cannot be meant stop the start: %j', async (env, why) => {
  await expect(startGateway({ env })).rejects.toThrow(why);
});
