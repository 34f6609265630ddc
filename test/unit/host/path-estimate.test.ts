import { describe, expect, it } from 'vitest';
import { PathEstimate } from '../../../host-publisher/publish/path-estimate.ts';

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
    path.observe(1000);
    run(path, 20, () => 80);
    expect(path.observe(1250)).toMatchObject({ by: 'transport', queueMs: 60 });
  });

  it('takes the least queue of a period: one frame that waits behind another is none', () => {
    const path = new PathEstimate();
    run(path, 40, (n) => (n % 4 === 3 ? 150 : 20));
    expect(path.observe(400)).toMatchObject({ by: 'transport', queueMs: 0 });
  });

  it('knows the rate of a bottleneck half a second after it appeared', () => {
    const path = new PathEstimate();
    // 1 Mbit/s is sent; from 500 ms on each packet takes 20 ms, not 10.
    run(path, 100, (n) => 20 + Math.max(0, n - 50) * 10);
    const seen = path.observe(1000);
    if (seen.by !== 'transport') throw new Error('no feedback');
    expect(seen.arrivedKbps).toBeCloseTo(500, 0);
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
