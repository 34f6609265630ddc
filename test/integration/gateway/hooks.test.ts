import { describe, expect, test } from 'vitest';
import { startFakeSrs, type FakeSrs } from '../../support/gateway/fake-srs.ts';
import { sendRaw } from '../../support/gateway/raw-http.ts';
import {
  HOOK_SECRET,
  startGateway,
  type GatewayUnderTest,
} from '../../support/gateway/start-gateway.ts';

const SECRET = encodeURIComponent(HOOK_SECRET);

function callHook(
  gateway: GatewayUnderTest,
  event: string,
  body: unknown,
  secret = SECRET,
  from: Record<string, string> = {},
): Promise<Response> {
  return gateway.request('POST', `/api/srs/${event}?secret=${secret}`, {
    token: null,
    headers: { 'content-type': 'application/json', ...from },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
}

/** A hook body about a client that the node has and we never heard of. */
const aStranger = (srs: FakeSrs, event: string, kind: 'publish' | 'watch' = 'publish') =>
  srs.hookBody(event, srs.plant({ kind, app: 'demo', stream: 'main' }));

test('an allowed event is answered 200 and exactly "0" with Content-Length 1', async () => {
  const { gateway, srs } = await startGateway();
  const body = JSON.stringify(aStranger(srs, 'unpublish'));
  const lines = [
    `POST /api/srs/unpublish?secret=${SECRET} HTTP/1.1`,
    'Host: gateway',
    'Content-Type: application/json',
    `Content-Length: ${body.length}`,
    'Connection: close',
  ];
  const reply = await sendRaw(gateway.url, lines, body);
  expect(reply.status).toBe(200);
  expect(reply.head).toMatch(/^Content-Length: 1\r?$/im);
  expect(reply.body).toBe('0');
});

describe('[HOSTILE-39] a hook from outside', () => {
  test.each(['wrong', '', `${SECRET}x`])('with the secret "%s" is 403', async (secret) => {
    const { gateway, srs } = await startGateway();
    const reply = await callHook(gateway, 'publish', aStranger(srs, 'publish'), secret);
    expect(reply.status).toBe(403);
    expect(await reply.text()).not.toBe('0');
  });

  test('without a secret, or with two, is 403', async () => {
    const { gateway } = await startGateway();
    for (const query of ['', `?secret=${SECRET}&secret=${SECRET}`]) {
      const reply = await gateway.request('POST', `/api/srs/publish${query}`, { token: null });
      expect(reply.status).toBe(403);
    }
  });

  test('may not be a GET', async () => {
    const { gateway } = await startGateway();
    const reply = await gateway.request('GET', `/api/srs/publish?secret=${SECRET}`);
    expect(reply.status).toBe(404);
  });
});

describe('[HOSTILE-39] a hook with the secret, by a proxy', () => {
  const TRUSTED = { TRUSTED_PROXIES: '127.0.0.1' };
  const LISTED = { ...TRUSTED, HOOK_ALLOWED_ADDRESSES: '192.0.2.0/24, 2001:db8::/32' };
  const ANY = { ...TRUSTED, HOOK_ALLOWED_ADDRESSES: '*' };

  test.each([
    ['from a public address', TRUSTED, '203.0.113.7', 403],
    ['from a private one', TRUSTED, '172.18.0.3', 200],
    ['from a private one of IPv6', TRUSTED, 'fd00::3', 200],
    ['from this machine', LISTED, '127.0.0.1', 200],
    ['from a listed network', LISTED, '192.0.2.9', 200],
    ['from a listed network of IPv6', LISTED, '2001:db8::9', 200],
    ['from a private one that is not listed', LISTED, '172.18.0.3', 403],
    ['from anywhere where that is allowed', ANY, '203.0.113.7', 200],
    ['that nobody named', {}, '127.0.0.1', 403],
  ])('%s', async (_, env, address, status) => {
    const { gateway, srs } = await startGateway({ env });
    const forwarded = { 'x-forwarded-for': address };
    const body = aStranger(srs, 'unpublish');
    const reply = await callHook(gateway, 'unpublish', body, SECRET, forwarded);
    expect(reply.status).toBe(status);
    expect((await reply.text()) === '0').toBe(status === 200);
  });
});

describe('a body that is not of SRS', () => {
  test.each([
    ['no JSON', '{'],
    ['a list', '[]'],
    ['empty', ''],
    ['without a client', { action: 'on_publish', server_id: 'a', app: 'demo', stream: 'main' }],
    ['of an unknown action', { action: 'on_x', server_id: 'a', client_id: 'b', app: 'demo' }],
    ['with a number for a name', { action: 'on_publish', server_id: 1, client_id: 2, app: 3 }],
  ])('%s is 400 and allows nothing', async (_, body) => {
    const { gateway } = await startGateway();
    const reply = await callHook(gateway, 'publish', body);
    expect(reply.status).toBe(400);
  });

  test('whose action is not the event of the path is 400', async () => {
    const { gateway, srs } = await startGateway();
    const reply = await callHook(gateway, 'publish', aStranger(srs, 'play'));
    expect(reply.status).toBe(400);
  });

  test('of 100 KiB is 413', async () => {
    const { gateway, srs } = await startGateway();
    const body = { ...aStranger(srs, 'publish'), param: 'a'.repeat(100_000) };
    expect((await callHook(gateway, 'publish', body)).status).toBe(413);
  });

  test('with members we do not know, and without stream_id, is read', async () => {
    const { gateway, srs } = await startGateway();
    const body = { ...aStranger(srs, 'unpublish'), total_clients: 3, future: {} };
    const reply = await callHook(gateway, 'unpublish', { ...body, stream_id: undefined });
    expect(await reply.text()).toBe('0');
  });
});

describe('[D5] a client that reaches the node directly', () => {
  test('is denied its publish, and removed there, so that the name is free', async () => {
    const { gateway, srs } = await startGateway();
    const stranger = srs.plant({ kind: 'publish', app: 'demo', stream: 'main' });
    const reply = await callHook(gateway, 'publish', srs.hookBody('publish', stranger));
    expect(reply.status).toBe(200);
    expect(await reply.json()).toEqual({ code: 403 });
    await expect.poll(() => srs.kicked, { timeout: 15_000 }).toContain(stranger.id);
    expect((await gateway.whip()).status).toBe(201);
  });

  test('is denied its play', async () => {
    const { gateway, srs } = await startGateway();
    await gateway.whip();
    const reply = await callHook(gateway, 'play', aStranger(srs, 'play', 'watch'));
    expect(await reply.json()).toEqual({ code: 403 });
  });

  test.each([
    ['a made-up ticket', 'app=demo&stream=main&ticket=00000000000000000000000000000000'],
    ['an empty ticket', 'app=demo&stream=main&ticket='],
    ['the words of an RTMP client', '?token=abc'],
  ])('is denied with %s', async (_, param) => {
    const { gateway, srs } = await startGateway();
    const reply = await callHook(gateway, 'publish', { ...aStranger(srs, 'publish'), param });
    expect(await reply.json()).toEqual({ code: 403 });
  });

  test('is denied with a ticket that was used', async () => {
    const { gateway, srs } = await startGateway();
    await gateway.whip();
    const param = (srs.offers[0]?.url ?? '').split('?')[1];
    const reply = await callHook(gateway, 'publish', { ...aStranger(srs, 'publish'), param });
    expect(await reply.json()).toEqual({ code: 403 });
  });

  test('is denied a connect by RTMP', async () => {
    const { gateway, srs } = await startGateway();
    const reply = await callHook(gateway, 'connect', aStranger(srs, 'connect'));
    expect(await reply.json()).toEqual({ code: 403 });
  });
});

describe('an end that the node tells', () => {
  test.each(['publish', 'watch'] as const)(
    '[WHIP-34] of a %s ends the session as left',
    async (kind) => {
      const { gateway, srs } = await startGateway();
      await gateway.whip();
      const watched = await gateway.whep();
      const reply = kind === 'publish' ? await gateway.whip() : watched;
      const client = [...srs.clients.values()].find((each) => each.kind === kind);
      if (client !== undefined) await srs.leave(client);
      const over = await gateway.request('GET', reply.headers.get('location') ?? '');
      expect(over.status).toBe(404);
      expect(await over.json()).toMatchObject({ reason: 'left' });
    },
  );

  test('of a session that we ended, or of another run of the node, is noise', async () => {
    const { gateway, srs } = await startGateway();
    const location = (await gateway.whip()).headers.get('location') ?? '';
    const [client] = srs.clients.values();
    if (client === undefined) throw new Error('no client at the node');
    const body = { ...srs.hookBody('unpublish', client), service_id: 'another' };
    expect(await (await callHook(gateway, 'unpublish', body)).text()).toBe('0');
    expect((await gateway.request('GET', location)).status).toBe(204);
    await gateway.request('DELETE', location);
    const late = await callHook(gateway, 'unpublish', srs.hookBody('unpublish', client));
    expect(await late.text()).toBe('0');
  });
});

test('hooks are still answered while other clients flood', async () => {
  const srs = await startFakeSrs();
  const env = { RATE_LIMIT_PER_MINUTE: '1', FAILED_LOGINS_PER_MINUTE: '1' };
  const { gateway } = await startGateway({ srs, env });
  for (let index = 0; index < 4; index += 1) {
    const reply = await callHook(gateway, 'unpublish', aStranger(srs, 'unpublish'));
    expect(await reply.text()).toBe('0');
  }
});
