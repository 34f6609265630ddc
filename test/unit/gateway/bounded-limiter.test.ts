import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { BoundedLimiter } from '../../../gateway/http/bounded-limiter.ts';
import { KnownCredentials } from '../../../gateway/http/known-credentials.ts';
import { LIMITS } from '../../../gateway/limits/limits.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test('a key has its budget for a window, and then anew', async () => {
  const limiter = new BoundedLimiter(2, 10);
  expect([await limiter.take('a'), await limiter.take('a')]).toEqual([0, 0]);
  vi.advanceTimersByTime(4000);
  expect(await limiter.waitOf('a')).toBe(6000);
  expect(await limiter.take('a')).toBe(6000);
  expect(await limiter.take('b')).toBe(0);
  vi.advanceTimersByTime(6000);
  expect(await limiter.waitOf('a')).toBe(0);
  expect(await limiter.take('a')).toBe(0);
});

test('[HOSTILE-25] keys are forgotten with their window, and never more than told', async () => {
  const limiter = new BoundedLimiter(1, 10, 100);
  for (let index = 0; index < 1000; index += 1) await limiter.take(`key ${index}`);
  expect(limiter.size).toBe(100);
  expect(await limiter.take('key 999')).toBeGreaterThan(0);
  // Evicted, so that it counts from the start: who has so many addresses has no use for it.
  expect(await limiter.take('key 0')).toBe(0);
  vi.advanceTimersByTime(10_000);
  expect(limiter.size).toBe(0);
});

test('known credentials are as many as told, the last ones', () => {
  const known = new KnownCredentials();
  for (let index = 0; index <= LIMITS.knownCredentials; index += 1) known.add(`Bearer ${index}`);
  expect(known.size).toBe(LIMITS.knownCredentials);
  expect(known.has('Bearer 0')).toBe(false);
  expect(known.has('Bearer 1')).toBe(true);
  known.delete('Bearer 1');
  expect(known.has('Bearer 1')).toBe(false);
});
