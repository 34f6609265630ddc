import { setTimeout as delay } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { EventLoopDelay } from '../../../srs/embedded/http-api/event-loop-delay.ts';
import { Machine } from '../../../srs/embedded/http-api/machine.ts';
import { Roster } from '../../../srs/embedded/roster.ts';

const block = (ms: number): void => {
  const end = performance.now() + ms;
  while (performance.now() < end);
};

test('a blocked event loop shows for one to two windows, then no more', async () => {
  const loop = new EventLoopDelay();
  onTestFinished(() => loop.close());
  await delay(30);
  block(120);
  await delay(30);
  expect(loop.p99Ms).toBeGreaterThan(80);
  loop.rotate();
  expect(loop.p99Ms).toBeGreaterThan(80);
  await delay(50);
  loop.rotate();
  await delay(50);
  expect(loop.p99Ms).toBeLessThan(80);
});

test('the sampling interval itself is not counted as delay', async () => {
  const loop = new EventLoopDelay();
  onTestFinished(() => loop.close());
  expect([loop.p50Ms, loop.p99Ms]).toEqual([0, 0]);
  await delay(300);
  expect(loop.p50Ms).toBeLessThan(3);
  expect(loop.p50Ms).toBeGreaterThanOrEqual(0);
});

test('summaries tell delay, heap and buffers beside the members of SRS', () => {
  const machine = new Machine();
  onTestFinished(() => machine.close());
  const roster = new Roster(() => null);
  const { self } = machine.summaries('7.0.0', roster) as { self: Record<string, unknown> };
  expect(self).toMatchObject({
    version: '7.0.0',
    event_loop_delay_p50_ms: expect.any(Number) as number,
    event_loop_delay_p99_ms: expect.any(Number) as number,
  });
  expect(self['heap_used_bytes']).toBeGreaterThan(1e6);
  expect(self['external_bytes']).toBeGreaterThan(1e5);
});
