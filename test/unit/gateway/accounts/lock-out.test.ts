import { describe, expect, test } from 'vitest';
import { KnownDevices } from '../../../../gateway/accounts/known-devices.ts';
import { LockOut } from '../../../../gateway/accounts/lock-out.ts';

const HOUR_MS = 3600_000;

describe('[USER-18] a pause after wrong passwords', () => {
  const aLock = () => new LockOut({ free: 3, longestMs: 60_000 }, 100);

  test('comes after some, doubles with each, and is never longer than told', () => {
    const lock = aLock();
    let now = 1_000_000;
    const pauses = Array.from({ length: 12 }, () => {
      lock.take('anna', now);
      const pause = lock.waitOf('anna', now);
      now += pause;
      return pause / 1000;
    });
    expect(pauses).toEqual([0, 0, 1, 2, 4, 8, 16, 32, 60, 60, 60, 60]);
  });

  test('does not grow by what comes while it lasts, so that its end comes for everybody', () => {
    const lock = aLock();
    for (let n = 0; n < 4; n += 1) lock.take('anna', 0);
    const before = lock.waitOf('anna', 0);
    expect(before).toBe(2_000);
    for (let now = 0; now < 2_000; now += 100) expect(lock.waitOf('anna', now)).toBe(before - now);
    expect(lock.waitOf('anna', 2_000)).toBe(0);
  });

  test('is over for who is right, for others not', () => {
    const lock = aLock();
    for (const key of ['anna', 'bert']) for (let n = 0; n < 5; n += 1) lock.take(key, 0);
    lock.forget('anna');
    expect([lock.waitOf('anna', 0), lock.waitOf('bert', 0) > 0]).toEqual([0, true]);
  });

  test('is forgotten in a day, and what was taken back does not count', () => {
    const lock = aLock();
    for (let n = 0; n < 3; n += 1) lock.take('anna', 0);
    lock.take('anna', 25 * HOUR_MS);
    expect(lock.waitOf('anna', 25 * HOUR_MS)).toBe(0);
    const other = aLock();
    for (let n = 0; n < 9; n += 1) other.take('anna', 0)();
    expect(other.size).toBe(0);
  });

  test('is remembered for so many at most', () => {
    const lock = aLock();
    for (let n = 0; n < 500; n += 1) lock.take(`name ${n}`, 0);
    expect(lock.size).toBe(100);
  });
});

describe('[USER-19] a browser that has logged in before', () => {
  test('is known to that account alone, also after a restart', () => {
    const value = new KnownDevices('secret').issue('anna');
    const later = new KnownDevices('secret');
    expect(later.read(value, 'anna')).toBe(value.split('.')[0]);
    expect(later.read(value, 'bert')).toBeUndefined();
    expect(new KnownDevices('another').read(value, 'anna')).toBeUndefined();
  });

  test.each(['', 'x', `${'A'.repeat(16)}.${'A'.repeat(43)}`, `a.${'A'.repeat(43)}`])(
    'is none that sends %j',
    (value) => {
      expect(new KnownDevices('secret').read(value, 'anna')).toBeUndefined();
    },
  );
});
