import { describe, expect, test } from 'vitest';
import { aToken, anAdminToken } from '../../support/gateway/a-token.ts';
import { anOffer } from '../../support/sdp/descriptions.ts';
import { problemOf, startGateway } from '../../support/gateway/start-gateway.ts';
import {
  aHost,
  aHostToken,
  aStatus,
  openSocket,
  refusedSocket,
  someCapabilities,
} from '../../support/gateway/test-socket.ts';

const PATH = '/ws/host/demo';

describe('a host’s socket', () => {
  test('[HOST-01] opens for a token with "host", in the subprotocol, and no extension', async () => {
    const { gateway } = await startGateway();
    const host = await openSocket(gateway.url, PATH, { token: aHostToken() });
    expect(host.socket.protocol).toBe('pixelcast.host.v1');
    expect(host.socket.extensions).toBe('');
  });

  test('[HOST-02] is welcomed after its hello, and told the demand at once', async () => {
    const { gateway } = await startGateway();
    const host = await aHost(gateway.url, { path: `${PATH}/screen` });
    expect(host.messages).toEqual([
      { type: 'host/welcome', room: 'demo', source: 'screen' },
      { type: 'media/demand', viewers: 0, websocket: 0 },
    ]);
  });

  test.each([
    ['no token', { token: null }, 401, 'token-missing'],
    ['a token that is none', { token: 'a.b.c' }, 401, 'token-invalid'],
    ['a viewer’s token', { token: aToken() }, 403, 'scope-insufficient'],
    ['another room', { token: aHostToken('m', 'other') }, 403, 'scope-insufficient'],
    ['no subprotocol', { token: aHostToken(), protocols: [] }, 400, 'bad-request'],
    ['another one', { token: aHostToken(), protocols: ['mqtt'] }, 400, 'bad-request'],
  ])('[HOST-03] is refused before the upgrade: %s', async (_, given, status, code) => {
    const { gateway } = await startGateway();
    const refusal = await refusedSocket(gateway.url, PATH, given);
    expect(refusal.status).toBe(status);
    expect(refusal.problem['code']).toBe(code);
    expect(refusal.headers['connection']).toBe('close');
  });

  test('[HOST-04] another subject is refused with 409, the same one takes over', async () => {
    const { gateway } = await startGateway();
    const first = await aHost(gateway.url);
    const other = await refusedSocket(gateway.url, PATH, { token: aHostToken('other') });
    expect(other).toMatchObject({ status: 409, problem: { code: 'source-busy' } });
    const second = await aHost(gateway.url);
    expect((await first.end()).code).toBe(4409);
    expect(second.closed).toBeNull();
  });
});

describe('the API', () => {
  test('has the hosts of a room, for admins and hosts', async () => {
    const { gateway } = await startGateway();
    const host = await aHost(gateway.url, { capabilities: { kind: 'desktop' } });
    host.say({ type: 'host/status', status: aStatus({ state: 'starting' }) });
    const token = anAdminToken();
    await expect
      .poll(() => gateway.json('/api/v1/rooms/demo/hosts/main', token))
      .toMatchObject({ source: 'main', subject: 'machine', status: { state: 'starting' } });
    expect(await gateway.json('/api/v1/rooms/demo/hosts', aHostToken())).toMatchObject({
      items: [{ capabilities: someCapabilities({ kind: 'desktop' }) }],
    });
    expect(await gateway.json('/api/v1/rooms/demo', aToken())).toEqual({
      room: 'demo',
      sources: [],
      recording: false,
      unrecorded: [],
      hosts: [{ source: 'main', state: 'starting', kind: 'desktop' }],
    });
    const refused = await gateway.request('GET', '/api/v1/rooms/demo/hosts', { token: aToken() });
    expect(refused.status).toBe(403);
  });

  const tune = async (url: string, body: object) =>
    await fetch(new URL('/api/v1/rooms/demo/hosts/main', url), {
      method: 'PATCH',
      headers: { authorization: `Bearer ${anAdminToken()}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });

  test('[HOST-13] passes a tuning on, waits for the host’s answer, and tells the audit', async () => {
    const { gateway } = await startGateway();
    const host = await aHost(gateway.url);
    const reply = tune(gateway.url, { bitrateKbps: 1500, fps: null });
    const command = await host.hears('media/tune');
    expect(command['tuning']).toEqual({ bitrateKbps: 1500, fps: null });
    host.say({ type: 'host/result', id: command['id'], ok: true, detail: '' });
    expect((await reply).status).toBe(200);
    expect(await (await reply).json()).toMatchObject({ source: 'main' });
    expect(gateway.lines.filter((line) => line['audit'] === true)).toMatchObject([
      {
        act: 'host-tuned',
        by: 'root',
        target: { room: 'demo', source: 'main', tuning: '{"bitrateKbps":1500,"fps":null}' },
      },
    ]);
  });

  test('[HOST-13] says why a host refuses', async () => {
    const { gateway } = await startGateway();
    const host = await aHost(gateway.url);
    const reply = tune(gateway.url, { fps: 60 });
    const { id } = await host.hears('media/tune');
    host.say({ type: 'host/result', id, ok: false, detail: 'The camera has 30 fps.' });
    expect((await reply).status).toBe(409);
    expect(await problemOf(await reply)).toMatchObject({
      code: 'host-refused',
      detail: 'The camera has 30 fps.',
    });
  });
});

test.each([
  ['nothing to fix', {}, anAdminToken(), 400],
  ['an absurd rate', { fps: 100_000 }, anAdminToken(), 400],
  ['an odd size', { size: { width: 641, height: 360 } }, anAdminToken(), 400],
  ['an unknown member', { speed: 1 }, anAdminToken(), 400],
  ['a viewer', { fps: 15 }, aToken({ can: ['watch', 'control'] }), 403],
  ['a host of another source', { fps: 15 }, aToken({ can: ['host'], sources: ['cam'] }), 403],
  ['an admin of another room', { fps: 15 }, aToken({ room: 'other', can: ['admin'] }), 403],
])('[HOST-13] a command with %s never reaches the host', async (_, body, token, status) => {
  const { gateway } = await startGateway();
  const host = await aHost(gateway.url);
  const reply = await gateway.request('PATCH', '/api/v1/rooms/demo/hosts/main', {
    token,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  expect(reply.status).toBe(status);
  await problemOf(reply);
  expect(host.heard('media/tune')).toEqual([]);
});

test('[HOST-13] a source without a host is 404', async () => {
  const { gateway } = await startGateway();
  const token = anAdminToken();
  for (const method of ['GET', 'PATCH']) {
    const reply = await gateway.request(method, '/api/v1/rooms/demo/hosts/main', {
      token,
      ...(method === 'PATCH'
        ? { headers: { 'content-type': 'application/json' }, body: '{"fps":15}' }
        : {}),
    });
    expect(reply.status).toBe(404);
  }
});

describe('on demand', () => {
  test('[HOST-12] a viewer waits while the host starts, and is served as soon as it publishes', async () => {
    const { gateway } = await startGateway();
    const host = await aHost(gateway.url);
    const watching = gateway.whep('demo', { token: aToken({ sub: 'ben' }) });
    expect((await host.hears('media/demand', 2))['viewers']).toBe(1);
    expect((await gateway.whip('demo', { token: aHostToken() })).status).toBe(201);
    expect((await watching).status).toBe(201);
  });

  test('[HOST-12] who waits keeps nobody else of his address from being served', async () => {
    const { gateway } = await startGateway();
    const host = await aHost(gateway.url);
    await gateway.whip('other', { token: aToken({ room: 'other' }) });
    const token = aToken({ sub: 'ben' });
    const waiting = Array.from({ length: 20 }, () => gateway.whep('demo', { token }));
    await expect.poll(() => host.heard('media/demand').at(-1)?.['viewers']).toBe(20);
    const other = await gateway.whep('other', { token: aToken({ room: 'other' }) });
    expect(other.status).toBe(201);
    await gateway.whip('demo', { token: aHostToken() });
    for (const reply of await Promise.all(waiting)) expect(reply.status).toBe(201);
  });

  test('[HOST-11] a viewer that leaves while it waits is demand no more', async () => {
    const { gateway } = await startGateway();
    const host = await aHost(gateway.url);
    const gone = new AbortController();
    const waiting = fetch(new URL('/whep/demo', gateway.url), {
      method: 'POST',
      headers: { authorization: `Bearer ${aToken()}`, 'content-type': 'application/sdp' },
      body: anOffer('chromium-watch'),
      signal: gone.signal,
    });
    expect((await host.hears('media/demand', 2))['viewers']).toBe(1);
    gone.abort();
    await expect(waiting).rejects.toThrow();
    expect((await host.hears('media/demand', 3))['viewers']).toBe(0);
  });

  test('without a host nobody waits', async () => {
    const { gateway } = await startGateway();
    expect((await gateway.whep()).status).toBe(409);
  });
});
