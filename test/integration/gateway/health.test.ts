import { describe, expect, test } from 'vitest';
import { anAdminToken, aToken } from '../../support/gateway/a-token.ts';
import { startGateway } from '../../support/gateway/start-gateway.ts';

test('/healthz answers while the process is up, node or not', async () => {
  const { gateway, srs } = await startGateway();
  srs.away = true;
  const reply = await gateway.request('GET', '/healthz', { token: null });
  expect(reply.status).toBe(200);
  expect(await reply.text()).toBe('ok\n');
});

test('/readyz says why not, names the node, and recovers', async () => {
  const { gateway, srs } = await startGateway();
  const ready = () => gateway.request('GET', '/readyz', { token: null });
  expect(await (await ready()).json()).toEqual({ ready: true, reasons: [] });
  srs.away = true;
  await expect.poll(async () => (await ready()).status, { timeout: 15_000 }).toBe(503);
  const { reasons } = (await (await ready()).json()) as { reasons: string[] };
  expect(reasons).toHaveLength(1);
  expect(reasons[0]).toMatch(new RegExp(`^${new URL(srs.url).host}: .+`));
  srs.away = false;
  await expect.poll(async () => (await ready()).status, { timeout: 15_000 }).toBe(200);
});

describe('/metrics', () => {
  const proxied = { 'x-forwarded-for': '203.0.113.7' };

  test('is open to this machine', async () => {
    const { gateway } = await startGateway();
    const reply = await gateway.request('GET', '/metrics', { token: null });
    expect(reply.status).toBe(200);
    expect(reply.headers.get('content-type')).toMatch(/^text\/plain/);
    expect(await reply.text()).toContain('pixelcast_nodes_healthy 1');
  });

  test.each([
    ['nobody', null, 401],
    ['who may publish', aToken(), 403],
    ['the admin of a room', aToken({ can: ['admin'] }), 403],
    ['the admin of everything', anAdminToken(), 200],
  ])('through a proxy: %s', async (_, token, status) => {
    const { gateway } = await startGateway();
    const reply = await gateway.request('GET', '/metrics', { token, headers: proxied });
    expect(reply.status).toBe(status);
  });

  test('is open to all with METRICS_PUBLIC', async () => {
    const { gateway } = await startGateway({ env: { METRICS_PUBLIC: 'yes' } });
    const reply = await gateway.request('GET', '/metrics', { token: null, headers: proxied });
    expect(reply.status).toBe(200);
  });

  test('counts offers by outcome', async () => {
    const { gateway, srs } = await startGateway();
    await gateway.whip('demo');
    await gateway.whip('demo', { token: null });
    srs.hooks = null;
    await gateway.whip('demo/camera');
    const text = await (await gateway.request('GET', '/metrics')).text();
    for (const result of ['ok', 'refused', 'failed']) {
      expect(text).toContain(
        `pixelcast_session_attempts_total{kind="publish",transport="webrtc",result="${result}"} 1`,
      );
    }
    for (const code of ['token-missing', 'upstream-rejected']) {
      expect(text).toContain(
        `pixelcast_session_refusals_total{kind="publish",transport="webrtc",code="${code}"} 1`,
      );
      expect(text).toContain(`pixelcast_refusals_total{code="${code}"} 1`);
    }
    expect(text).toContain('pixelcast_http_request_seconds_count{area="whip"} 3');
    expect(text).toContain('pixelcast_sessions{kind="publish",transport="webrtc"} 1');
    expect(text).toContain('pixelcast_rooms 1');
  });

  test('[FIG-02] no room, name or method of a client makes a series', async () => {
    const { gateway } = await startGateway();
    const series = async () =>
      (await (await gateway.request('GET', '/metrics')).text())
        .split('\n')
        .filter((line) => line.startsWith('pixelcast_') && !line.includes('_node_')).length;
    const visit = async (room: string) => {
      const token = aToken({ room, sub: room });
      const location = (await gateway.whip(room, { token })).headers.get('location') ?? '';
      await gateway.request('DELETE', location, { token });
      await gateway.request('GET', `/nothing/${room}`);
      await gateway.request('GET', `/watch/${room}`);
    };
    await visit('first');
    await series();
    const before = await series();
    const rooms = Array.from({ length: 30 }, (_, index) => `room-${index}`);
    for (const room of rooms) await visit(room);
    expect(await series()).toBe(before);
    expect(before).toBeLessThan(500);
  });
});

test('the log has a line for each step of a session, and no secret in any', async () => {
  const { gateway, srs } = await startGateway();
  const token = aToken();
  const reply = await gateway.whip('demo', { token });
  const location = reply.headers.get('location') ?? '';
  await gateway.request('DELETE', location, { token });
  const steps = gateway.lines.filter(({ session }) => session !== undefined);
  expect(steps.map(({ msg }) => msg)).toEqual(['session opened', 'session ended']);
  const all = JSON.stringify(gateway.lines);
  const ticket = /ticket=(\w+)/.exec(srs.offers[0]?.url ?? '')?.[1] ?? '';
  for (const secret of [token, location.split('/').at(-1) ?? '', ticket, 'node-password', 'ice-']) {
    expect(secret).not.toBe('');
    expect(all).not.toContain(secret);
  }
});

test('a client’s mistake is an info line, never an error', async () => {
  const { gateway } = await startGateway();
  await gateway.whip('demo', { offer: 'no' });
  await gateway.request('GET', '/%zz');
  const refusals = gateway.lines.filter(({ msg }) => msg === 'request refused');
  expect(refusals.map(({ level, code }) => [level, code])).toEqual([
    [30, 'sdp-malformed'],
    [30, expect.stringMatching(/bad-request|not-found/) as string],
  ]);
});
