import { describe, expect, test } from 'vitest';
import {
  aControllableHost,
  aController,
  aControlToken,
  takeControl,
} from '../../support/gateway/a-controller.ts';
import { aFrame, aKeyFrame, KEY_A, NOTHING_HELD } from '../../support/gateway/an-input-desk.ts';
import { startGateway } from '../../support/gateway/start-gateway.ts';
import { aHostToken, aViewer, openSocket } from '../../support/gateway/test-socket.ts';

const APPLIED = { type: 'input/applied', sequence: 1, at: 5, events: 1, tookUs: 80 };

describe('input of whoever controls a host', () => {
  test('[INPUT-30] [INPUT-34] reaches it, and its answer comes back to nobody else', async () => {
    const { gateway } = await startGateway();
    const host = await aControllableHost(gateway.url);
    const { socket, epoch } = await aController(gateway.url);
    const other = await aViewer(gateway.url);
    const frame = aKeyFrame({ epoch, at: 5 });
    socket.say(frame);
    expect(await host.hears('input/frame')).toEqual(frame);
    host.say({ ...APPLIED, epoch });
    host.say({ type: 'input/pictured', mark: 1, rtpTimestamp: 9 });
    expect(await socket.hears('input/applied')).toEqual({ ...APPLIED, epoch });
    await socket.hears('input/pictured');
    expect(other.heard('input/applied')).toEqual([]);
    expect(other.heard('input/pictured')).toEqual([]);
  });

  test('[INPUT-30] the host hears of an epoch before anything in it', async () => {
    const { gateway } = await startGateway();
    const host = await aControllableHost(gateway.url);
    const { socket, epoch } = await aController(gateway.url);
    socket.say(aKeyFrame({ epoch }));
    await host.hears('input/frame');
    const types = host.messages.map(({ type }) => type);
    expect(types.lastIndexOf('control/leases')).toBeLessThan(types.indexOf('input/frame'));
    expect(host.heard('control/leases').at(-1)).toMatchObject({ leases: { keyboard: epoch } });
  });

  test('[INPUT-39] a ping is answered with its time', async () => {
    const { gateway } = await startGateway();
    const viewer = await aViewer(gateway.url);
    viewer.say({ type: 'viewer/ping', at: 12.5, rttMs: null });
    expect(await viewer.hears('viewer/pong')).toEqual({ type: 'viewer/pong', at: 12.5 });
  });
});

describe('input that may not pass', () => {
  test('[INPUT-31] without a lease, and of an old epoch', async () => {
    const { gateway } = await startGateway();
    const host = await aControllableHost(gateway.url);
    const { socket: anna, epoch } = await aController(gateway.url);
    const ben = await aViewer(gateway.url, { token: aControlToken('ben') });
    ben.say(aKeyFrame({ epoch }));
    expect(await ben.hears('input/refused')).toMatchObject({ why: 'not-holder' });
    anna.say({ type: 'control/release', id: 'x' });
    const next = await takeControl(ben);
    anna.say(aKeyFrame({ epoch }));
    expect(await anna.hears('input/refused')).toMatchObject({ why: 'stale' });
    ben.say(aKeyFrame({ epoch: next }));
    await host.hears('input/frame');
    expect(host.heard('input/frame')).toMatchObject([{ epoch: next }]);
  });

  test('[INPUT-42] of another room or source', async () => {
    const { gateway } = await startGateway();
    const host = await aControllableHost(gateway.url);
    const screen = await aControllableHost(gateway.url, { path: '/ws/host/demo/screen' });
    const far = await aControllableHost(gateway.url, {
      path: '/ws/host/far',
      token: aHostToken('machine', 'far'),
    });
    const { socket: anna, epoch } = await aController(gateway.url);
    const { socket: ben, epoch: other } = await aController(gateway.url, {
      token: aControlToken('ben'),
      source: 'screen',
    });
    anna.say(aKeyFrame({ epoch: other === epoch ? other + 1 : other }));
    ben.say(aKeyFrame({ epoch: other === epoch ? epoch + 1 : epoch }));
    await anna.hears('input/refused');
    await ben.hears('input/refused');
    anna.say(aKeyFrame({ epoch }));
    await host.hears('input/frame');
    ben.say(aKeyFrame({ epoch: other, sequence: 2 }));
    expect(await screen.hears('input/frame')).toMatchObject({ sequence: 2 });
    expect([host, screen].map((each) => each.heard('input/frame').length)).toEqual([1, 1]);
    expect(far.heard('input/frame')).toEqual([]);
  });

  test('[INPUT-31] to a host that takes none on a device', async () => {
    const { gateway } = await startGateway();
    const host = await aControllableHost(gateway.url, { capabilities: { devices: ['pointer'] } });
    const viewer = await aViewer(gateway.url, { token: aControlToken() });
    viewer.say({ type: 'control/request', id: 'x' });
    await host.hears('control/leases', 2);
    const { leases } = host.heard('control/leases').at(-1) as unknown as {
      leases: { pointer: number };
    };
    viewer.say(aKeyFrame({ epoch: leases.pointer }));
    expect(await viewer.hears('input/refused')).toMatchObject({ why: 'no-host' });
    viewer.say(aFrame({ epoch: leases.pointer, sequence: 2, pointer: { x: 0.5, y: 0.5 } }));
    await host.hears('input/frame');
    expect(host.heard('input/frame')).toHaveLength(1);
  });

  const held = { ...NOTHING_HELD, keys: [KEY_A] };
  test.each([
    ['an unknown member', { ...aKeyFrame(), root: true }],
    ['an unknown member of what is held', aKeyFrame({ held: { ...held, more: 1 } as never })],
    ['an unknown type of event', { ...aFrame(), events: [{ type: 'run', code: 'x' }] }],
    [
      'a key that is none',
      { ...aFrame(), events: [{ ...KEY_A, type: 'key', code: '; rm', down: true }] },
    ],
    [
      'too many events',
      aFrame({ events: Array.from({ length: 65 }, () => ({ type: 'text', text: 'a' })) }),
    ],
    ['a place outside', aFrame({ pointer: { x: 1.5, y: 0 } })],
    ['an epoch below zero', aFrame({ epoch: -1 })],
    ['text without an end', aFrame({ events: [{ type: 'text', text: 'a'.repeat(257) }] })],
    [
      'a clipboard’s part that is too large',
      {
        type: 'clipboard/part',
        id: 1,
        kind: 'text/plain',
        bytes: 30_000,
        offset: 0,
        data: 'A'.repeat(32_772),
      },
    ],
    [
      'a clipboard that is too large',
      { type: 'clipboard/part', id: 1, kind: 'image/png', bytes: 9 * 2 ** 20, offset: 0, data: '' },
    ],
    [
      'a clipboard of another kind',
      { type: 'clipboard/part', id: 1, kind: 'text/html', bytes: 4, offset: 0, data: 'AAAA' },
    ],
    [
      'what is not base64',
      { type: 'clipboard/part', id: 1, kind: 'text/plain', bytes: 4, offset: 0, data: '%%%%' },
    ],
    ['a command with arguments', { type: 'host/run', id: 'x', command: 'a', args: ['b'] }],
    ['a viewport without an end', { type: 'viewport', size: { width: 1e6, height: 1, scale: 1 } }],
    ['words of a host', { ...APPLIED, epoch: 1 }],
    [
      'words of the gateway',
      { type: 'control/leases', leases: { pointer: 1, keyboard: 1, gamepad: 1 } },
    ],
  ])('[INPUT-41] %s ends the socket, and nothing is at the host', async (_, message) => {
    const { gateway } = await startGateway();
    const host = await aControllableHost(gateway.url);
    const { socket } = await aController(gateway.url);
    socket.say(message);
    expect((await socket.end()).code).toBe(1008);
    await host.hears('control/leases', 3);
    const told = new Set(host.messages.map(({ type }) => type));
    expect([...told].toSorted()).toEqual(['control/leases', 'host/welcome', 'media/demand']);
  });

  test('[INPUT-41] bytes end it with 1003', async () => {
    const { gateway } = await startGateway();
    await aControllableHost(gateway.url);
    const { socket } = await aController(gateway.url);
    socket.socket.send(Buffer.from([0, 1, 2, 255]));
    expect((await socket.end()).code).toBe(1003);
  });

  test('[INPUT-41] a host’s token at the viewers’ socket, and a viewer’s at a host’s', async () => {
    const { gateway } = await startGateway();
    await expect(aControllableHost(gateway.url, { token: aControlToken() })).rejects.toThrow('403');
    const protocols = ['pixelcast.viewer.v1', `pixelcast.token.${aHostToken()}`];
    const page = await openSocket(gateway.url, '/ws/control/demo', { protocols });
    expect((await page.end()).code).toBe(4403);
  });
});
