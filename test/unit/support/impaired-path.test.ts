import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { ImpairedPath } from '../../support/net/impaired-path.ts';
import { seededRandom } from '../../support/net/seeded-random.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const send = (path: ImpairedPath, count: number, bytes = 1000): number[] => {
  const arrivedAt: number[] = [];
  for (let n = 0; n < count; n += 1) path.send(bytes, () => arrivedAt.push(performance.now()));
  return arrivedAt;
};

test('a path without impairment delivers at once', () => {
  const path = new ImpairedPath(seededRandom(1));
  expect(send(path, 10)).toHaveLength(10);
});

test('random loss takes about its share, and the same packets for the same seed', () => {
  const lost = (seed: number): number => {
    const path = new ImpairedPath(seededRandom(seed), { lossRatio: 0.05 });
    send(path, 20_000);
    return path.stats.lost;
  };
  expect(lost(7)).toBe(lost(7));
  expect(lost(7)).not.toBe(lost(8));
  expect(lost(7) / 20_000).toBeGreaterThan(0.045);
  expect(lost(7) / 20_000).toBeLessThan(0.055);
});

test('delay and jitter hold a packet for their time', () => {
  const path = new ImpairedPath(seededRandom(1), { delayMs: 50, jitterMs: 20 });
  const start = performance.now();
  const arrivedAt = send(path, 200);
  vi.advanceTimersByTime(49);
  expect(arrivedAt).toHaveLength(0);
  vi.advanceTimersByTime(30);
  expect(arrivedAt).toHaveLength(200);
  const spread = arrivedAt.map((at) => at - start);
  expect(Math.min(...spread)).toBeLessThan(53);
  expect(Math.max(...spread)).toBeGreaterThan(66);
});

test('a bandwidth limit lets its rate through, whatever is offered', () => {
  const path = new ImpairedPath(seededRandom(1), {
    bitsPerSecond: 800_000,
    queueBytes: 10_000_000,
  });
  vi.advanceTimersByTime(1000);
  const arrivedAt = send(path, 500);
  vi.advanceTimersByTime(2000);
  expect(arrivedAt.length).toBeGreaterThanOrEqual(200);
  expect(arrivedAt.length).toBeLessThanOrEqual(204);
});

test('the queue of a bandwidth limit is bounded', () => {
  const path = new ImpairedPath(seededRandom(1), { bitsPerSecond: 80_000, queueBytes: 20_000 });
  send(path, 100);
  vi.advanceTimersByTime(10_000);
  expect(path.stats.overflowed).toBeGreaterThanOrEqual(76);
  expect(path.stats.delivered + path.stats.overflowed).toBe(100);
});

test('what waits leaves when the limit is lifted', () => {
  const path = new ImpairedPath(seededRandom(1), { bitsPerSecond: 8000 });
  const arrivedAt = send(path, 20);
  expect(arrivedAt.length).toBeLessThan(20);
  path.set({});
  expect(arrivedAt).toHaveLength(20);
});

test('closing drops what is under way', () => {
  const path = new ImpairedPath(seededRandom(1), { delayMs: 10 });
  const arrivedAt = send(path, 5);
  path.close();
  vi.advanceTimersByTime(100);
  expect(arrivedAt).toHaveLength(0);
});
