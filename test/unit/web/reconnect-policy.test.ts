import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { localProblem } from '../../../web/core/problem.ts';
import { reconnectDelayMs } from '../../../web/core/reconnect-policy.ts';
import type { ReconnectCase } from '../../../web/core/reconnect-policy.ts';

const aCase = (over: Partial<ReconnectCase>): ReconnectCase => ({
  side: 'watch',
  problem: localProblem('network'),
  attempt: 0,
  wasLive: true,
  random: 0,
  ...over,
});

describe('reconnectDelayMs', () => {
  it('stops where trying again cannot help', () => {
    for (const code of [
      'token-expired',
      'token-invalid',
      'codec-unsupported',
      'removed',
    ] as const) {
      expect(reconnectDelayMs(aCase({ problem: localProblem(code) }))).toBeNull();
    }
  });

  it('doubles the back-off up to 15 s', () => {
    const delays = [0, 1, 2, 3, 20].map((attempt) =>
      reconnectDelayMs(aCase({ attempt, random: 1 })),
    );
    expect(delays).toEqual([500, 1000, 2000, 4000, 15_000]);
  });

  it('never comes back before Retry-After', () => {
    fc.assert(
      fc.property(fc.nat(600_000), fc.double({ min: 0, max: 0.99, noNaN: true }), (ms, random) => {
        const problem = { ...localProblem('node-unavailable'), retryAfterMs: ms };
        const delayMs = reconnectDelayMs(aCase({ problem, random })) ?? -1;
        return delayMs >= ms && delayMs <= Math.max(ms, 500) * 1.2 + 1;
      }),
    );
  });

  it('rejoins at once when the server lost the session, then backs off', () => {
    const problem = localProblem('session-gone');
    expect(reconnectDelayMs(aCase({ problem }))).toBe(0);
    expect(reconnectDelayMs(aCase({ problem, attempt: 3 }))).toBe(2000);
  });

  it('waits for a publisher for ever, at a steady pace', () => {
    const problem = localProblem('no-publisher');
    expect(reconnectDelayMs(aCase({ problem, attempt: 0 }))).toBe(2000);
    expect(reconnectDelayMs(aCase({ problem, attempt: 50 }))).toBe(2000);
  });

  it('takes a busy source for somebody else at first, for its own ghost after a loss', () => {
    const problem = { ...localProblem('source-busy'), retryAfterMs: 3000 };
    const first = aCase({ side: 'publish', problem, wasLive: false });
    expect(reconnectDelayMs(first)).toBeNull();
    expect(reconnectDelayMs({ ...first, wasLive: true })).toBe(3000);
  });
});
