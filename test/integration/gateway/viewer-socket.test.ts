import { describe, expect, test } from 'vitest';
import type { PlayerReport } from '../../../gateway/protocol/viewer.ts';
import { aToken } from '../../support/gateway/a-token.ts';
import { startGateway, type GatewayUnderTest } from '../../support/gateway/start-gateway.ts';
import {
  aHost,
  aHostToken,
  aStatus,
  aViewer,
  openSocket,
  refusedSocket,
  viewerProtocols,
} from '../../support/gateway/test-socket.ts';

const PATH = '/ws/control/demo';
const SHAPE = {
  type: 'cursor/shape',
  width: 16,
  height: 16,
  hotX: 1,
  hotY: 2,
  png: 'iVBORw0KGgo=',
};

const aReport = (given: Partial<PlayerReport> = {}): PlayerReport => ({
  loss: 0,
  jitterMs: 5,
  framesReceived: 60,
  framesDecoded: 60,
  framesDropped: 0,
  decodeMs: 3,
  freezes: 0,
  freezeMs: 0,
  ...given,
});

/** The secret of a new watch session of `demo`. */
async function watching(gateway: GatewayUnderTest, sub = 'ben'): Promise<string> {
  const reply = await gateway.whep('demo', { token: aToken({ sub }) });
  expect(reply.status).toBe(201);
  return (reply.headers.get('location') ?? '').split('/').at(-1) ?? '';
}

describe('a viewer’s socket', () => {
  test('[VIEW-01] opens for the token in its second subprotocol, which is not echoed', async () => {
    const { gateway } = await startGateway();
    const viewer = await openSocket(gateway.url, PATH, { protocols: viewerProtocols() });
    expect(viewer.socket.protocol).toBe('pixelcast.viewer.v1');
    expect(viewer.socket.extensions).toBe('');
  });

  test.each([
    ['without a token', ['pixelcast.viewer.v1'], 4401],
    ['with a token that is none', viewerProtocols('a.b.c'), 4401],
    ['with an expired one', viewerProtocols(aToken({ seconds: -60 })), 4401],
    ['with a publisher’s', viewerProtocols(aToken({ can: ['publish'] })), 4403],
    ['for another room', viewerProtocols(aToken({ room: 'other' })), 4403],
  ])('[VIEW-02] is told inside that it may not: %s', async (_, protocols, code) => {
    const { gateway } = await startGateway();
    const viewer = await openSocket(gateway.url, PATH, { protocols });
    const end = await viewer.end();
    expect(end.code).toBe(code);
    expect(end.reason).toMatch(/\.$/);
    expect(gateway.lines.filter((line) => line['audit'] === true)).toMatchObject([
      { msg: 'request refused', route: 'ws', room: 'demo', status: code - 4000 },
    ]);
  });

  test('[VIEW-02] bad tokens count as failed logins, good ones pass', async () => {
    const { gateway } = await startGateway({ env: { FAILED_LOGINS_PER_MINUTE: '2' } });
    const good = viewerProtocols();
    await openSocket(gateway.url, PATH, { protocols: good });
    for (let round = 0; round < 2; round += 1) {
      const viewer = await openSocket(gateway.url, PATH, { protocols: viewerProtocols('a.b.c') });
      expect((await viewer.end()).code).toBe(4401);
    }
    const late = await openSocket(gateway.url, PATH, { protocols: viewerProtocols() });
    expect((await late.end()).code).toBe(4429);
    const known = await openSocket(gateway.url, PATH, { protocols: good });
    known.say({ type: 'viewer/watching', source: 'main', session: null });
    await known.hears('host/status');
  });

  test.each([
    ['without the subprotocol', { protocols: ['pixelcast.host.v1'] }, 400],
    ['of another origin', { headers: { origin: 'https://evil.example' } }, 403],
  ])('[VIEW-03] is refused by HTTP %s', async (_, given, status) => {
    const { gateway } = await startGateway({ env: { CORS_ORIGINS: 'https://pages.example' } });
    const options = { protocols: viewerProtocols(), ...given };
    expect((await refusedSocket(gateway.url, PATH, options)).status).toBe(status);
    const headers = { origin: 'https://pages.example' };
    await openSocket(gateway.url, PATH, { protocols: viewerProtocols(), headers });
  });

  test('[VIEW-04] says first what it watches; of a source that its token has not it is 4403', async () => {
    const { gateway } = await startGateway();
    const hasty = await openSocket(gateway.url, PATH, { protocols: viewerProtocols() });
    hasty.say({ type: 'viewer/report', report: aReport() });
    expect((await hasty.end()).code).toBe(1008);
    const protocols = viewerProtocols(aToken({ sources: ['screen'] }));
    const curious = await openSocket(gateway.url, PATH, { protocols });
    curious.say({ type: 'viewer/watching', source: 'screen', session: null });
    await curious.hears('host/status');
    curious.say({ type: 'viewer/watching', source: 'camera', session: null });
    expect((await curious.end()).code).toBe(4403);
  });

  test('[VIEW-05] hears of the host at once, and of each change', async () => {
    const { gateway } = await startGateway();
    const viewer = await aViewer(gateway.url);
    expect(viewer.heard('host/status')).toEqual([{ type: 'host/status', status: null, kind: '' }]);
    const offers = {
      clipboard: true,
      largestScreen: { width: 1920, height: 1080 },
      commands: ['lock'],
    };
    const host = await aHost(gateway.url, { capabilities: { kind: 'desktop', ...offers } });
    expect(await viewer.hears('host/status', 2)).toMatchObject({
      status: { state: 'idle' },
      kind: 'desktop',
      offers,
    });
    host.say({ type: 'host/status', status: aStatus({ state: 'live' }) });
    expect(await viewer.hears('host/status', 3)).toMatchObject({ status: { state: 'live' } });
    const late = await aViewer(gateway.url);
    expect(late.heard('host/status')).toMatchObject([{ status: { state: 'live' } }]);
    host.socket.close();
    expect(await viewer.hears('host/status', 4)).toMatchObject({ status: null, kind: '' });
  });

  test('[VIEW-05] hears of many changes the newest, at most four a second', async () => {
    const { gateway } = await startGateway();
    const host = await aHost(gateway.url);
    const viewer = await aViewer(gateway.url);
    for (let index = 0; index < 100; index += 1) {
      host.say({ type: 'host/status', status: aStatus({ message: `${index}` }) });
    }
    await expect
      .poll(() => viewer.heard('host/status').at(-1))
      .toMatchObject({ status: { message: '99' } });
    expect(viewer.heard('host/status').length).toBeLessThanOrEqual(4);
  });

  test('[VIEW-06] hears of the cursor: its last shape at once, the newest position', async () => {
    const { gateway } = await startGateway();
    const host = await aHost(gateway.url, { capabilities: { cursor: true } });
    host.say(SHAPE);
    host.say({ type: 'cursor/position', x: 0.25, y: 0.75, visible: true });
    const early = await aViewer(gateway.url);
    await early.hears('cursor/position');
    const late = await aViewer(gateway.url);
    expect(await late.hears('cursor/position')).toMatchObject({ x: 0.25, y: 0.75 });
    expect(await late.hears('cursor/shape')).toEqual(SHAPE);
    for (let index = 0; index <= 100; index += 1) {
      host.say({ type: 'cursor/position', x: index / 100, y: 0, visible: true });
    }
    await expect.poll(() => late.heard('cursor/position').at(-1)).toMatchObject({ x: 1 });
    expect(late.heard('cursor/position').length).toBeLessThan(20);
  });
});

describe('players’ reports', () => {
  test('[VIEW-07] reach the host together, once for each session', async () => {
    const { gateway } = await startGateway();
    const host = await aHost(gateway.url);
    await gateway.whip('demo', { token: aHostToken() });
    const sessions = [await watching(gateway), await watching(gateway), await watching(gateway)];
    const [first, second] = sessions;
    for (const session of [first, second, second]) {
      const viewer = await aViewer(gateway.url, { session: session ?? '' });
      viewer.say({ type: 'viewer/report', report: aReport({ loss: session === first ? 0.2 : 0 }) });
    }
    await expect
      .poll(() => host.heard('audience/report').at(-1)?.['report'], { timeout: 20_000 })
      .toEqual({
        viewers: 3,
        reporting: 2,
        lossMedian: 0.1,
        lossUpper: 0.2,
        jitterMedianMs: 5,
        decodeMedianMs: 3,
        freezing: 0,
        losing: 0.5,
        overloaded: 0,
      });
    const view = await gateway.json('/api/v1/rooms/demo/hosts/main', aHostToken());
    expect(view).toMatchObject({ audience: { reporting: 2 } });
  });

  test('[VIEW-07] count for nothing without a session of that source', async () => {
    const { gateway } = await startGateway();
    const host = await aHost(gateway.url);
    await gateway.whip('demo', { token: aHostToken() });
    await watching(gateway);
    for (const session of ['guess', null]) {
      const viewer = await aViewer(gateway.url, { session });
      viewer.say({ type: 'viewer/report', report: aReport({ loss: 1 }) });
    }
    await expect
      .poll(() => host.heard('audience/report').at(-1)?.['report'], { timeout: 20_000 })
      .toMatchObject({ viewers: 1, reporting: 0, losing: 0 });
  });
});
