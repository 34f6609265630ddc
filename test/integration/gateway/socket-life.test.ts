import { once } from 'node:events';
import { connect } from 'node:net';
import { describe, expect, test } from 'vitest';
import { LIMITS } from '../../../gateway/limits/limits.ts';
import { aToken, anAdminToken } from '../../support/gateway/a-token.ts';
import { startGateway, type GatewayUnderTest } from '../../support/gateway/start-gateway.ts';
import {
  aHost,
  aHostToken,
  aViewer,
  connectSocket,
  hostUpgrade,
  openSocket,
  refusedSocket,
  viewerProtocols,
} from '../../support/gateway/test-socket.ts';
import { waitFor } from '../../support/wait-for.ts';

const HOST = '/ws/host/demo';
const JSON_TYPE = { 'content-type': 'application/json' };

const revoke = (gateway: GatewayUnderTest, sub: string): Promise<Response> =>
  gateway.request('POST', '/api/v1/revocations', {
    token: anAdminToken(),
    headers: JSON_TYPE,
    body: JSON.stringify({ sub }),
  });

/** Ends the one session of this kind as an administrator. */
async function kick(gateway: GatewayUnderTest, kind: string): Promise<void> {
  const { items } = (await gateway.json('/api/v1/sessions', anAdminToken())) as {
    items: { id: string; kind: string }[];
  };
  const id = items.find((session) => session.kind === kind)?.id ?? '';
  const reply = await gateway.request('DELETE', `/api/v1/sessions/${id}`, {
    token: anAdminToken(),
  });
  expect(reply.status).toBe(204);
}

describe('the end of a right', () => {
  test('[HOST-09] [VIEW-09] a token that was taken back ends its sockets with 4401', async () => {
    const { gateway } = await startGateway();
    const host = await aHost(gateway.url);
    const viewer = await aViewer(gateway.url);
    await revoke(gateway, 'machine');
    expect((await host.end()).code).toBe(4401);
    expect(viewer.closed).toBeNull();
    await revoke(gateway, 'ben');
    expect((await viewer.end()).code).toBe(4401);
  });

  test('[HOST-09] [VIEW-09] so does one that runs out', async () => {
    const { gateway } = await startGateway();
    const token = aToken({ sub: 'machine', can: ['host', 'watch'], seconds: 2 });
    const host = await aHost(gateway.url, { token });
    const viewer = await aViewer(gateway.url, { token });
    expect((await host.end()).code).toBe(4401);
    expect((await viewer.end()).code).toBe(4401);
  });

  test('[HOST-09] a kicked publisher’s host goes with it, another’s stays', async () => {
    const { gateway } = await startGateway();
    const host = await aHost(gateway.url);
    const other = await aHost(gateway.url, { path: `${HOST}/camera` });
    await gateway.whip('demo', { token: aHostToken() });
    await kick(gateway, 'publish');
    expect(await host.end()).toMatchObject({ code: 4401 });
    expect(other.closed).toBeNull();
  });

  test('[VIEW-09] a kicked viewer’s socket goes with it, another’s stays', async () => {
    const { gateway } = await startGateway();
    await gateway.whip('demo');
    const reply = await gateway.whep('demo', { token: aToken({ sub: 'ben' }) });
    const session = (reply.headers.get('location') ?? '').split('/').at(-1) ?? '';
    const viewer = await aViewer(gateway.url, { session });
    const other = await aViewer(gateway.url);
    await kick(gateway, 'watch');
    expect((await viewer.end()).code).toBe(4401);
    expect(other.closed).toBeNull();
  });
});

describe('a stop of the gateway', () => {
  test('[HOST-10] [VIEW-09] tells every socket 1001, ends waiting viewers, and takes no more', async () => {
    const { gateway } = await startGateway();
    const host = await aHost(gateway.url);
    const viewer = await aViewer(gateway.url);
    const silent = await openSocket(gateway.url, `${HOST}/b`, { token: aHostToken() });
    const waiting = gateway.whep('demo', { token: aToken({ sub: 'ben' }) });
    await host.hears('media/demand', 2);
    const closing = gateway.close();
    for (const socket of [host, viewer, silent]) expect((await socket.end()).code).toBe(1001);
    expect((await waiting).status).toBe(503);
    await closing;
  });

  test('[HOST-10] does not wait for a peer that says no goodbye', async () => {
    const { gateway } = await startGateway();
    const host = await aHost(gateway.url);
    host.socket.pause();
    const startedAt = performance.now();
    await gateway.close();
    // A peer that answers no ping is cut off as well, later.
    expect(performance.now() - startedAt).toBeLessThan(LIMITS.socketSilentMs);
  });
});

describe('the edge', () => {
  test('[HOST-03] a token over plain HTTP from elsewhere is refused, HTTPS at a trusted proxy passes', async () => {
    const { gateway } = await startGateway({ env: { TRUSTED_PROXIES: '127.0.0.1' } });
    const from = { 'x-forwarded-for': '203.0.113.7' };
    const token = aHostToken();
    const plain = await refusedSocket(gateway.url, HOST, { token, headers: from });
    expect(plain).toMatchObject({ status: 403, problem: { code: 'https-required' } });
    const headers = { ...from, 'x-forwarded-proto': 'https' };
    await openSocket(gateway.url, HOST, { token, headers });
  });

  test('[HOST-03] bad tokens count as failed logins of their address', async () => {
    const { gateway } = await startGateway({ env: { FAILED_LOGINS_PER_MINUTE: '2' } });
    const attempt = async () => (await refusedSocket(gateway.url, HOST, { token: 'a.b.c' })).status;
    expect([await attempt(), await attempt(), await attempt()]).toEqual([401, 401, 429]);
    expect((await gateway.whip('demo', { token: aToken() })).status).toBe(429);
  });

  test('[HOST-03] what asks for no WebSocket is told which it is', async () => {
    const { gateway } = await startGateway();
    const reply = await gateway.request('GET', HOST, { token: aHostToken() });
    expect(reply.status).toBe(426);
    expect(reply.headers.get('upgrade')).toBe('websocket');
  });

  test('[HOST-03] refusals are in the audit, the token nowhere', async () => {
    const { gateway } = await startGateway();
    const token = aToken({ sub: 'ben' });
    await refusedSocket(gateway.url, HOST, { token });
    await openSocket(gateway.url, '/ws/control/demo', { protocols: viewerProtocols(token) });
    await waitFor(() => gateway.lines.some((line) => line['audit'] === true), {
      what: 'the audit',
    });
    expect(gateway.lines.filter((line) => line['audit'] === true)).toMatchObject([
      { code: 'scope-insufficient', route: 'ws', room: 'demo', subject: 'ben', method: 'GET' },
    ]);
    expect(JSON.stringify(gateway.lines)).not.toContain(token);
  });

  test('[HOST-03] a client that leaves in the middle of the handshake leaves nothing', async () => {
    const { gateway } = await startGateway();
    const { hostname, port } = new URL(gateway.url);
    for (let index = 0; index < 50; index += 1) {
      const socket = connect({ host: hostname, port: Number(port) });
      socket.on('error', () => undefined);
      await once(socket, 'connect');
      socket.write(hostUpgrade(HOST), () =>
        index % 2 === 0 ? socket.resetAndDestroy() : socket.destroySoon(),
      );
    }
    await waitFor(
      async () => {
        const text = await (await fetch(new URL('/metrics', gateway.url))).text();
        return /^pixelcast_table_entries\{table="host_seats"\} 0$/m.test(text);
      },
      { what: 'no seat' },
    );
    await aHost(gateway.url);
  });

  test('[HOST-03] connections of an address are limited with sockets counted', async () => {
    const { gateway } = await startGateway({ env: { MAX_CONNECTIONS_PER_ADDRESS: '3' } });
    const open = (source: string) =>
      connectSocket(gateway.url, `${HOST}/${source}`, { token: aHostToken() });
    await open('a');
    await open('b');
    await open('c');
    await expect(open('d')).rejects.toThrow();
  });
});
