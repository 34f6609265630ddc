import { describe, expect, test } from 'vitest';
import { issued } from '../../../../gateway/ice/issued.ts';

const anonymous = [{ urls: ['stun:a'] }];
const until = (seconds: number) => [
  { urls: ['turn:a'], username: `${seconds}:u`, credential: 'c' },
];
const askedAt = 1_700_000_000_000;

describe('what a provider gave', () => {
  test('[ICE-04] is good for the life it tells, and renewed at half of it', () => {
    const list = { servers: anonymous, ttlSeconds: 100 };
    expect(issued(list, { askedAt })).toMatchObject({
      expiresAt: askedAt + 100_000,
      renewAt: askedAt + 50_000,
    });
  });

  test('[ICE-03] is good no longer than was asked for', () => {
    const list = { servers: anonymous, ttlSeconds: 100 };
    expect(issued(list, { askedAt, lifetimeMs: 60_000 }).expiresAt).toBe(askedAt + 60_000);
    const untold = { servers: anonymous, ttlSeconds: undefined };
    expect(issued(untold, { askedAt, lifetimeMs: 60_000 })).toMatchObject({
      expiresAt: askedAt + 60_000,
      renewAt: askedAt + 30_000,
    });
  });

  test('[ICE-03] is good no longer than its user name says', () => {
    const list = { servers: until(askedAt / 1000 + 40), ttlSeconds: 100 };
    expect(issued(list, { askedAt })).toMatchObject({
      expiresAt: askedAt + 40_000,
      renewAt: askedAt + 20_000,
    });
  });

  test.each([
    [undefined, 600_000],
    [0, 600_000],
    [30, 30_000],
    [999_999, 3_600_000],
  ])('[ICE-04] without a life is renewed by max-age %j, after %i ms', (maxAgeSeconds, renewMs) => {
    const list = { servers: anonymous, ttlSeconds: undefined };
    const terms = issued(list, { askedAt, maxAgeSeconds });
    expect(terms).toMatchObject({ renewAt: askedAt + renewMs, expiresAt: askedAt + 86_400_000 });
  });

  test('[ICE-04] is not asked for anew more than once a second', () => {
    const list = { servers: anonymous, ttlSeconds: 0 };
    expect(issued(list, { askedAt }).renewAt).toBe(askedAt + 1_000);
  });
});
