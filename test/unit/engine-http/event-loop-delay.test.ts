import { setTimeout as delay } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { waitFor } from '../../support/wait-for.ts';
import { EventLoopDelay } from '../../../srs/embedded/http-api/event-loop-delay.ts';
import { Machine } from '../../../srs/embedded/http-api/machine.ts';
import { Traffic } from '../../../srs/embedded/traffic.ts';
import { Roster } from '../../../srs/embedded/roster.ts';

const block = (ms: number): void => {
  const end = performance.now() + ms;
  while (performance.now() < end);
};

test('a blocked event loop shows for one to two windows, then no more', async () => {
  const loop = new EventLoopDelay();
  onTestFinished(() => loop.close());
  await delay(30);
  block(600);
  await delay(30);
  expect(loop.p99Ms).toBeGreaterThan(400);
  loop.rotate();
  expect(loop.p99Ms).toBeGreaterThan(400);
  await delay(50);
  loop.rotate();
  await delay(50);
  expect(loop.p99Ms).toBeLessThan(400);
});

test('the sampling interval itself is not counted as delay', async () => {
  const loop = new EventLoopDelay();
  onTestFinished(() => loop.close());
  expect([loop.p50Ms, loop.p99Ms]).toEqual([0, 0]);
  // It is 5 ms.
  await waitFor(() => loop.p99Ms > 0 && loop.p50Ms < 4, { what: 'a quiet moment' });
});

test('summaries tell delay, heap and buffers beside the members of SRS', () => {
  const machine = new Machine();
  onTestFinished(() => machine.close());
  const roster = new Roster(() => null);
  const { self } = machine.summaries('7.0.0', roster, new Traffic()) as {
    self: Record<string, unknown>;
  };
  expect(self).toMatchObject({
    version: '7.0.0',
    event_loop_delay_p50_ms: expect.any(Number) as number,
    event_loop_delay_p99_ms: expect.any(Number) as number,
  });
  expect(self['heap_used_bytes']).toBeGreaterThan(1e6);
  expect(self['external_bytes']).toBeGreaterThan(1e5);
});
