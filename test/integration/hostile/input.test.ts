import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { HostCommand } from '../../../gateway/protocol/host.ts';
import { ViewerEvent } from '../../../gateway/protocol/viewer.ts';
import { payloadsOf } from '../../support/fuzz/message-edit.ts';
import { runs } from '../../support/fuzz/runs.ts';
import { aControllableHost, aController } from '../../support/gateway/a-controller.ts';
import { aFrame, aKeyFrame } from '../../support/gateway/an-input-desk.ts';
import { startGateway } from '../../support/gateway/start-gateway.ts';
import { aViewer, type TestSocket } from '../../support/gateway/test-socket.ts';

/** A viewer that does nothing else is answered. */
async function expectAnswer(viewer: TestSocket, at: number): Promise<void> {
  viewer.say({ type: 'viewer/ping', at, rttMs: 1 });
  await expect
    .poll(() => viewer.heard('viewer/pong').at(-1), { timeout: 10_000 })
    .toMatchObject({
      at,
    });
}

describe('a flood of input', () => {
  const texts = Array.from({ length: 64 }, () => ({ type: 'text' as const, text: 'a' }));
  test.each([
    ['frames', (epoch: number, sequence: number) => aFrame({ epoch, sequence })],
    ['events', (epoch: number) => aFrame({ epoch, events: texts })],
    ['pings', () => ({ type: 'viewer/ping', at: 1, rttMs: null })],
    ['latencies', () => ({ type: 'input/seen', tookMs: 1 })],
  ])('[INPUT-40] of %s ends the socket; what was held is free at once', async (_, message) => {
    const { gateway } = await startGateway();
    const host = await aControllableHost(gateway.url);
    const other = await aViewer(gateway.url);
    const { socket, epoch } = await aController(gateway.url);
    for (let count = 0; count < 10_000; count += 1) socket.say(message(epoch, count));
    expect((await socket.end()).code).toBe(4429);
    const nobody = { pointer: null, keyboard: null, gamepad: null };
    await expect.poll(() => host.heard('control/leases').at(-1)).toMatchObject({ leases: nobody });
    expect(host.heard('input/frame').length).toBeLessThan(5_000);
    await expectAnswer(other, 1);
  });

  test('[INPUT-31] without control reaches nobody, and is told of once', async () => {
    const { gateway } = await startGateway();
    const host = await aControllableHost(gateway.url);
    const { epoch } = await aController(gateway.url);
    const viewer = await aViewer(gateway.url);
    for (let count = 0; count < 300; count += 1) viewer.say(aKeyFrame({ epoch }));
    await expectAnswer(viewer, 2);
    expect(viewer.heard('input/refused')).toHaveLength(1);
    expect(host.heard('input/frame')).toEqual([]);
  });
});

const PART = {
  type: 'clipboard/part',
  id: 1,
  kind: 'text/plain',
  bytes: 3,
  offset: 0,
  data: 'YWJj',
};
const REFUSED = { type: 'clipboard/refused', id: 1, why: 'gone', sentence: 'Gone.' };

describe('whatever comes, what goes on is of the shape that was agreed', () => {
  test('[INPUT-41] from a viewer to a host', async () => {
    const { gateway } = await startGateway();
    const host = await aControllableHost(gateway.url, { capabilities: { commands: ['sleep'] } });
    const other = await aViewer(gateway.url);
    let driver = await aController(gateway.url);
    const epochs = new Set([driver.epoch]);
    let count = 0;
    const held = { keys: [{ code: 'KeyA', keysym: 97 }], buttons: 1, touches: [], gamepads: [] };
    const payloads = payloadsOf([
      aKeyFrame({ epoch: driver.epoch, held, pointer: { x: 0.5, y: 0.5 } }),
      aFrame({ epoch: driver.epoch, travel: { x: 1, y: 1 }, wheel: { x: 0, y: 1 }, mark: 3 }),
      { type: 'viewport', size: { width: 800, height: 600, scale: 1 } },
      { type: 'clipboard/want', id: 1, kind: 'text/plain' },
      { type: 'host/run', id: 'a', command: 'sleep' },
      { type: 'viewer/watching', source: 'main', session: null },
      { type: 'control/request', id: 'a', devices: ['pointer'] },
      ...[PART, REFUSED],
    ]);
    const property = fc.asyncProperty(fc.array(payloads, { maxLength: 4 }), async (given) => {
      for (const { data, binary } of given) driver.socket.socket.send(data, { binary });
      await expectAnswer(other, (count += 1));
      if (driver.socket.closed !== null || driver.socket.socket.readyState !== 1) {
        driver = await aController(gateway.url);
        epochs.add(driver.epoch);
      }
    });
    await fc.assert(property, runs(100));
    for (const message of host.messages) expect(() => HostCommand.parse(message)).not.toThrow();
    for (const { epoch } of host.heard('input/frame')) expect(epochs).toContain(epoch);
    expect(host.closed).toBeNull();
  }, 120_000);

  test('[INPUT-41] from a host to a viewer', async () => {
    const { gateway } = await startGateway();
    let host = await aControllableHost(gateway.url);
    const { socket, epoch } = await aController(gateway.url);
    let count = 0;
    const payloads = payloadsOf([
      { type: 'input/applied', epoch, sequence: 1, at: 1, events: 1, tookUs: 5 },
      { type: 'input/pictured', mark: 1, rtpTimestamp: 2 },
      { type: 'clipboard/offer', id: 1, kinds: ['text/plain'] },
      { type: 'clipboard/taken', id: 1 },
      { type: 'host/ran', id: 'a', ok: true, sentence: 'Done.' },
      { type: 'cursor/position', x: 0.5, y: 0.5, visible: true },
      ...[PART, REFUSED],
    ]);
    const property = fc.asyncProperty(fc.array(payloads, { maxLength: 4 }), async (given) => {
      for (const { data, binary } of given) host.socket.send(data, { binary });
      await expectAnswer(socket, (count += 1));
      if (host.closed !== null || host.socket.readyState !== 1) {
        await host.end();
        host = await aControllableHost(gateway.url);
      }
    });
    await fc.assert(property, runs(100));
    for (const message of socket.messages) expect(() => ViewerEvent.parse(message)).not.toThrow();
    expect(socket.closed).toBeNull();
  }, 120_000);
});
