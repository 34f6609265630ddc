import type { ViewerEvent } from '../../../gateway/protocol/viewer.ts';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { aHostStage } from '../../support/gateway/a-host-desk.ts';
import { aStatus } from '../../support/gateway/test-socket.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const position = (x: number) => ({ type: 'cursor/position', x, y: 0, visible: true }) as const;

test('[VIEW-06] a viewer that does not read hears of all positions the newest, once it reads', async () => {
  const stage = await aHostStage();
  const { seat } = stage.join();
  const slow = stage.watch();
  const quick = stage.watch();
  slow.channel.isClear = false;
  for (let index = 0; index < 100; index += 1) {
    seat.take(position(index / 100));
    await vi.advanceTimersByTimeAsync(33);
  }
  expect(slow.channel.told.filter(({ type }) => type === 'cursor/position')).toEqual([]);
  expect(quick.channel.told.filter(({ type }) => type === 'cursor/position')).toHaveLength(100);
  slow.channel.isClear = true;
  slow.seat.flush();
  expect(slow.channel.told.at(-1)).toEqual(position(0.99));
});

test('[VIEW-06] positions come at most 30 times a second, the last one always', async () => {
  const stage = await aHostStage();
  const { seat } = stage.join();
  const { channel } = stage.watch();
  for (let index = 0; index < 1000; index += 1) {
    seat.take(position(index / 1000));
    await vi.advanceTimersByTimeAsync(1);
  }
  await vi.advanceTimersByTimeAsync(33);
  const heard = channel.told.filter(({ type }) => type === 'cursor/position');
  expect(heard.length).toBeGreaterThan(25);
  expect(heard.length).toBeLessThanOrEqual(33);
  expect(heard.at(-1)).toEqual(position(0.999));
});

test('a message to many is the same object, so that it is written once', async () => {
  const stage = await aHostStage();
  const { seat } = stage.join();
  const [first, second] = [stage.watch(), stage.watch()];
  seat.take({ type: 'host/status', status: aStatus({ state: 'live' }) });
  await vi.advanceTimersByTimeAsync(500);
  expect(first.channel.told.at(-1)).toMatchObject({ status: { state: 'live' } });
  expect(first.channel.told.at(-1)).toBe(second.channel.told.at(-1));
});

test('the cursor goes with its host', async () => {
  const stage = await aHostStage();
  const { seat } = stage.join();
  seat.take(position(0.5));
  const early = stage.watch();
  seat.release();
  await vi.advanceTimersByTimeAsync(500);
  expect(early.channel.told.at(-1)).toMatchObject({ type: 'host/status', status: null });
  expect(ofHost(stage.watch().channel.told)).toMatchObject([{ type: 'host/status', status: null }]);
});

test('a viewer that turns to another source hears of that one alone', async () => {
  const stage = await aHostStage();
  const { seat } = stage.join();
  const viewer = stage.watch();
  viewer.seat.take({ type: 'viewer/watching', source: 'camera' as never, session: null }, 0);
  seat.take(position(0.5));
  await vi.advanceTimersByTimeAsync(500);
  expect(ofHost(viewer.channel.told).map(({ type }) => type)).toEqual([
    'host/status',
    'host/status',
  ]);
});

/** Without what is said of control and of the room. */
const ofHost = (told: readonly ViewerEvent[]): readonly ViewerEvent[] =>
  told.filter(({ type }) => !/^(?:control|room)\//.test(type));
