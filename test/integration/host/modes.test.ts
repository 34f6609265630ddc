import { describe, expect, it, onTestFinished } from 'vitest';
import { aToken } from '../../support/gateway/a-token.ts';
import { aController } from '../../support/gateway/a-controller.ts';
import { aKeyFrame } from '../../support/gateway/an-input-desk.ts';
import {
  UNREACHABLE,
  openEngineGateway,
  sessionsOf,
} from '../../support/gateway/engine-gateway.ts';
import { aMediaViewer, type MediaViewer } from '../../support/gateway/media-socket.ts';
import type { GatewayUnderTest } from '../../support/gateway/start-gateway.ts';
import { AgentStage } from '../../support/host/agent-stage.ts';
import { NO_CONTROL } from '../../support/host/no-control.ts';
import { TcpRelay } from '../../support/net/tcp-relay.ts';
import { decodeStripes, type Decoded } from '../../support/media/decode.ts';
import { waitFor } from '../../support/wait-for.ts';

const TIMEOUT_MS = 30_000;

/** Waits until so many more pictures have come whole. */
const pictures = async (viewer: MediaViewer, more = 10): Promise<void> => {
  const count = (): number => viewer.stripes.filter(({ isLast }) => isLast).length;
  const before = count();
  await waitFor(() => count() >= before + more, { timeoutMs: TIMEOUT_MS, what: 'pictures' });
};

/** A viewer by WebRTC without media of its own; the function ends its session. */
const watch = async (gateway: GatewayUnderTest): Promise<() => Promise<void>> => {
  const reply = await gateway.whep('demo/main', { token: aToken({ can: ['watch'] }) });
  expect(reply.status, await reply.clone().text()).toBe(201);
  const session = reply.headers.get('location') ?? '';
  return async () => {
    await gateway.request('DELETE', session);
  };
};

/** The number that the cube shows in 32 blocks at its top, below its time. */
const markIn = ({ luma, width }: Decoded): number => {
  const line = 2.5 * (width / 64);
  const bits = Array.from({ length: 32 }, (_, bit) => {
    const at = Math.floor(line) * width + Math.floor(((bit + 0.5) * width) / 32);
    return (luma[at] ?? 0) > 128 ? '1' : '0';
  });
  return Number.parseInt(bits.join(''), 2);
};

describe('a host in both modes', () => {
  it('[MEDIA-60] publishes by WebSocket where its WebRTC never connects, and through its attempts', async () => {
    const gateway = await openEngineGateway(UNREACHABLE);
    const host = new AgentStage(gateway, {}, { graceMs: null });
    const viewer = await aMediaViewer(gateway.url);
    await pictures(viewer);
    await host.says('Next attempt');
    await pictures(viewer);
    const [first] = viewer.stripes;
    expect(first?.isKey).toBe(true);
    expect(new Set(viewer.stripes.map(({ layout }) => layout)).size).toBe(1);
    const frames = [...new Set(viewer.stripes.map(({ frame }) => frame))];
    expect((frames.at(-1) ?? 0) - (frames[0] ?? 0)).toBe(frames.length - 1);
    const { status } = await host.is('tries again', ({ status: { state } }) => state === 'live');
    expect(status.websocket).toMatchObject({ state: 'live', picture: { width: 320, height: 180 } });
    expect(status.picture).toBeNull();
    expect(status.message).not.toBeNull();
  }, 60_000);

  it('[MEDIA-61] publishes by WebRTC where its media socket cannot be had', async () => {
    const gateway = await openEngineGateway();
    const nowhere = { graceMs: null, mediaUrl: 'ws://127.0.0.1:9/ws/media/demo/main' };
    const host = new AgentStage(gateway, {}, nowhere);
    await host.says('Publishing cube');
    const { status } = await host.is('says why', (one) => one.status.message !== null);
    expect(status).toMatchObject({ state: 'live', publisher: 'native' });
  }, 60_000);

  it('[MEDIA-62] encodes nothing for a mode that nobody watches, nor a picture for listeners', async () => {
    const gateway = await openEngineGateway(UNREACHABLE);
    const host = new AgentStage(gateway, { sound: 'tone' }, { graceMs: null });
    await host.is('is ready', ({ status }) => status.websocket?.state === 'live');
    const viewer = await aMediaViewer(gateway.url);
    viewer.socket.send(JSON.stringify({ type: 'media/want', picture: false, sound: true }));
    const isQuiet = async (): Promise<boolean> => {
      const stripes = viewer.stripes.length;
      const heard = viewer.media.length;
      await waitFor(() => viewer.media.length > heard + 50, {
        timeoutMs: TIMEOUT_MS,
        what: 'sound',
      });
      return viewer.stripes.length === stripes;
    };
    await waitFor(isQuiet, { timeoutMs: TIMEOUT_MS, what: 'sound without a picture' });
    const before = viewer.stripes.length;
    viewer.socket.send(JSON.stringify({ type: 'media/want', picture: true, sound: true }));
    await pictures(viewer);
    expect(viewer.stripes[before]?.isKey).toBe(true);
  }, 60_000);

  it('[MEDIA-63] on demand starts each mode for its own viewers, and ends it after the last one', async () => {
    const gateway = await openEngineGateway();
    const host = new AgentStage(gateway);
    await host.says('Nobody watches');
    const viewer = await aMediaViewer(gateway.url);
    await pictures(viewer);
    const byWebsocket = await host.is(
      'publishes',
      ({ status }) => status.websocket?.state === 'live',
    );
    expect(byWebsocket.status).toMatchObject({ state: 'live', picture: null, publisher: null });
    const leave = await watch(gateway);
    await host.is('publishes both ways', ({ status }) => status.picture !== null);
    viewer.socket.close();
    const byWebRtc = await host.is(
      'rests in one',
      ({ status }) => status.websocket?.state === 'idle',
    );
    expect(byWebRtc.status).toMatchObject({ state: 'live', publisher: 'native' });
    await leave();
    await host.is('rests', ({ status }) => status.state === 'idle');
    await waitFor(async () => (await sessionsOf(gateway)).length === 0, {
      timeoutMs: TIMEOUT_MS,
      what: 'its sessions to be gone',
    });
  }, 90_000);

  it('[MEDIA-64] with --mode websocket publishes by nothing else, and says so to who comes by WebRTC', async () => {
    const gateway = await openEngineGateway();
    const host = new AgentStage(gateway, {
      modes: ['websocket'],
      stripes: { encoder: 'jpeg-striped', quality: 60 },
    });
    await host.says('Nobody watches');
    const { capabilities } = await host.is('is there', () => true);
    expect(capabilities.transports).toEqual(['websocket']);
    const refused = await gateway.whep('demo/main', { token: aToken({ can: ['watch'] }) });
    expect([refused.status, await refused.json()]).toMatchObject([
      409,
      { code: 'no-publisher', transports: ['websocket'] },
    ]);
    const viewer = await aMediaViewer(gateway.url);
    await pictures(viewer);
    expect(viewer.stripes.every(({ codec }) => codec === 'jpeg')).toBe(true);
    const { status } = await host.is('publishes', (one) => one.status.state === 'live');
    expect(status).toMatchObject({
      encoder: null,
      publisher: null,
      websocket: { encoder: 'jpeg-striped' },
    });
  }, 60_000);

  it('[MEDIA-66] tells who drives from when on pictures by WebSocket show the input', async () => {
    const gateway = await openEngineGateway();
    new AgentStage(
      gateway,
      { modes: ['websocket'], stripes: { encoder: 'jpeg-striped', quality: 90 } },
      {
        post: {
          socketUrl: `${gateway.url.replace('http', 'ws')}/ws/host/demo/main`,
          ...{ version: '0.0.0', control: { ...NO_CONTROL, on: true } },
        },
      },
    );
    const viewer = await aMediaViewer(gateway.url);
    await pictures(viewer);
    const { socket, epoch } = await aController(gateway.url);
    for (const [index, mark] of [700, 41_000].entries()) {
      const saidAtUs = Date.now() * 1000;
      socket.say({ ...aKeyFrame({ epoch, mark, sequence: index + 1 }), eventsBefore: index });
      const pictured = await socket.hearsSuch('input/pictured', (one) => one['mark'] === mark);
      const capturedAtUs = Number(pictured['capturedAtUs']);
      expect(capturedAtUs).toBeGreaterThan(saidAtUs);
      const top = await waitFor(
        () => viewer.stripes.find((each) => each.y === 0 && each.capturedAtUs >= capturedAtUs),
        { timeoutMs: TIMEOUT_MS, what: `the picture of mark ${mark}` },
      );
      expect(top.capturedAtUs).toBe(capturedAtUs);
      expect(markIn(await decodeStripes([top]))).toBe(mark);
      const before = viewer.stripes.findLast(
        (each) => each.y === 0 && each.capturedAtUs < capturedAtUs,
      );
      if (before === undefined) throw new Error('no picture before');
      expect(markIn(await decodeStripes([before]))).not.toBe(mark);
    }
  }, 60_000);

  it('[MEDIA-67] says that it is live by WebSocket while the gateway has its socket, and only then', async () => {
    const gateway = await openEngineGateway();
    const relay = await TcpRelay.open(Number(new URL(gateway.url).port));
    onTestFinished(() => relay.close());
    const dialled = relay.hold('GET /ws/media');
    const mediaUrl = `ws://127.0.0.1:${relay.port}/ws/media/demo/main`;
    const host = new AgentStage(gateway, { modes: ['websocket'] }, { mediaUrl });
    await host.says('Nobody watches');
    const viewer = await aMediaViewer(gateway.url);
    await dialled;
    const { status } = await host.is('captures', (one) => one.status.websocket?.encoder != null);
    expect(status).toMatchObject({ state: 'starting', websocket: { state: 'starting' } });
    relay.release();
    relay.cut();
    await pictures(viewer);
    await host.is('is live', (one) => one.status.websocket?.state === 'live');
    void relay.hold('GET /ws/media');
    relay.cut();
    const lost = await host.is('lost it', (one) => one.status.websocket?.state === 'starting');
    expect(lost.status.message).not.toBeNull();
    relay.release();
    relay.cut();
    const back = await host.is('is back', (one) => one.status.websocket?.state === 'live');
    expect(back.status.message).toBeNull();
  }, 60_000);
});
