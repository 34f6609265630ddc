import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PathEstimate } from '../../../host-publisher/publish/path-estimate.ts';
import {
  nextTargetKbps,
  type PathObservation,
} from '../../../host-publisher/publish/rate-policy.ts';

const LIMITS = { leastKbps: 150, mostKbps: 2500 };
const transport = (
  more: Partial<Extract<PathObservation, { by: 'transport' }>> = {},
): PathObservation => ({
  by: 'transport',
  loss: 0,
  queueMs: 0,
  arrivedKbps: 1000,
  rembKbps: null,
  ...more,
});
const reports = (loss: number | null): PathObservation => ({ by: 'reports', loss, rembKbps: null });

describe('the rate policy', () => {
  it('goes to 85 % of what arrives when a queue builds up', () => {
    expect(nextTargetKbps(2500, transport({ queueMs: 81 }), LIMITS)).toBe(850);
    expect(nextTargetKbps(900, transport({ queueMs: 81 }), LIMITS)).toBe(765);
  });

  it('goes down on heavy loss without a queue', () => {
    expect(nextTargetKbps(1000, transport({ loss: 0.11 }), LIMITS)).toBe(850);
  });

  it('climbs slowly on a free path', () => {
    expect(nextTargetKbps(1000, transport(), LIMITS)).toBe(1050);
  });

  it('stays between a short and a long queue, and without news', () => {
    expect(nextTargetKbps(1000, transport({ queueMs: 50 }), LIMITS)).toBe(1000);
    expect(nextTargetKbps(1000, transport({ loss: 0.05 }), LIMITS)).toBe(1000);
    expect(nextTargetKbps(1000, transport({ loss: null, queueMs: null }), LIMITS)).toBe(1000);
    expect(nextTargetKbps(1000, reports(null), LIMITS)).toBe(1000);
  });

  it('knows loss alone: above 5 % to 80 %, below 2 % up by 10 %', () => {
    expect(nextTargetKbps(1000, reports(0.06), LIMITS)).toBe(800);
    expect(nextTargetKbps(1000, reports(0.03), LIMITS)).toBe(1000);
    expect(nextTargetKbps(1000, reports(0.01), LIMITS)).toBe(1100);
  });

  it('does not exceed what the receiver says that it can take', () => {
    expect(nextTargetKbps(2000, transport({ rembKbps: 700 }), LIMITS)).toBe(700);
  });

  it('is down within 3 s of a bottleneck at a quarter, and up again within 15 s', () => {
    let target = 2500;
    for (let n = 0; n < 4; n += 1) {
      target = nextTargetKbps(target, transport({ queueMs: 200, arrivedKbps: 625 }), LIMITS);
    }
    expect(target).toBeLessThan(625);
    let rounds = 0;
    for (; target < 2500; rounds += 1) target = nextTargetKbps(target, transport(), LIMITS);
    expect(rounds * 0.25).toBeLessThan(15);
  });

  it('stays within its limits whatever is seen', () => {
    const unit = fc.option(fc.double({ min: 0, max: 1, noNaN: true }));
    const positive = fc.option(fc.double({ min: 0, max: 1e6, noNaN: true }));
    const seen = fc.record({
      by: fc.constant('transport' as const),
      loss: unit,
      queueMs: positive,
      arrivedKbps: positive,
      rembKbps: positive,
    });
    fc.assert(
      fc.property(fc.integer({ min: 150, max: 2500 }), seen, (target, observation) => {
        const next = nextTargetKbps(target, observation, LIMITS);
        expect(next).toBeGreaterThanOrEqual(150);
        expect(next).toBeLessThanOrEqual(2500);
      }),
    );
  });
});

describe('the path estimate', () => {
  /** Sends a packet each 10 ms that arrives after `delay(n)`; null: lost. */
  const run = (path: PathEstimate, count: number, delay: (n: number) => number | null): void => {
    for (let n = 0; n < count; n += 1) {
      const sentMs = n * 10;
      path.sent(n, 1250, sentMs);
      const late = delay(n);
      // The receiver's clock has another origin.
      const arrivedMs = late === null ? null : 5_000_000 + sentMs + late;
      path.take({ type: 'transport', packets: [{ sequence: n, arrivedMs }] }, sentMs + 50, 0);
    }
  };

  it('sees rate, loss and no queue on a free path', () => {
    const path = new PathEstimate();
    run(path, 200, (n) => (n % 10 === 9 ? null : 20));
    const seen = path.observe(2000);
    if (seen.by !== 'transport') throw new Error('no feedback');
    expect(seen.queueMs).toBe(0);
    expect(seen.loss).toBeCloseTo(0.1, 5);
    expect(seen.arrivedKbps).toBeGreaterThan(850);
    expect(seen.arrivedKbps).toBeLessThan(950);
  });

  it('sees a queue grow', () => {
    const path = new PathEstimate();
    run(path, 100, (n) => 20 + n);
    expect(path.observe(1000)).toMatchObject({ by: 'transport', queueMs: 99 });
  });

  it('tells news once', () => {
    const path = new PathEstimate();
    run(path, 10, () => 20);
    path.observe(100);
    expect(path.observe(101)).toMatchObject({ by: 'transport', loss: null, queueMs: null });
  });

  it('falls back to receiver reports when no transport feedback comes', () => {
    const path = new PathEstimate();
    path.take(
      { type: 'report', ssrc: 1, fractionLost: 0.25, lastReport: 0, sinceLastReport: 0 },
      10,
      0,
    );
    path.take({ type: 'remb', bitsPerSecond: 700_000 }, 10, 0);
    expect(path.observe(20)).toEqual({ by: 'reports', loss: 0.25, rembKbps: 700 });
    expect(path.observe(4000)).toEqual({ by: 'reports', loss: null, rembKbps: null });
  });
});
