import { describe, expect, it } from 'vitest';
import {
  nextPathRate,
  startRate,
  sustainedKbps,
  type PathRate,
} from '../../../../host-publisher/adaptation/path-rate.ts';
import type { PathObservation } from '../../../../host-publisher/publish/path-estimate.ts';

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
/** The rate after these looks, one each 250 ms. */
const after = (start: number | PathRate, ...seen: readonly PathObservation[]): PathRate =>
  seen.reduce(
    (rate, one, at) => nextPathRate(rate, one, LIMITS, at * 250),
    typeof start === 'number' ? startRate(start) : start,
  );

describe('the rate of a path by transport-wide feedback', () => {
  it.each([
    ['an empty path: up by 6 % and 10', 1000, [transport()], 1070],
    ['little of the target used: up by 2 % and 2', 1000, [transport({ arrivedKbps: 100 })], 1022],
    ['a queue of 30 to 80 ms: stays', 1000, [transport({ queueMs: 50 })], 1000],
    ['loss of 2 to 10 %: stays', 1000, [transport({ loss: 0.05 })], 1000],
    ['no news: stays', 1000, [transport({ loss: null, queueMs: null })], 1000],
    ['one long queue: stays', 2500, [transport({ queueMs: 100 })], 2500],
    [
      'two in a row: 60 % of what arrives, until it is empty',
      2500,
      [transport({ queueMs: 100 }), transport({ queueMs: 120 })],
      600,
    ],
    ['one very long queue: at once', 2500, [transport({ queueMs: 201 })], 600],
    [
      'and once it is empty 85 %',
      2500,
      [transport({ queueMs: 201 }), transport({ queueMs: 90 }), transport({ queueMs: 10 })],
      850,
    ],
    [
      'a queue that goes on tells what the path carries',
      2500,
      [transport({ queueMs: 300, arrivedKbps: 2000 }), transport({ queueMs: 300 })],
      600,
    ],
    ['loss above 10 % without a queue: 85 %', 1000, [transport({ loss: 0.11 })], 850],
    ['no more than the receiver says it takes', 2000, [transport({ rembKbps: 700 })], 700],
  ])('%s', (_case, start, seen, expected) => {
    expect(after(start, ...seen).kbps).toBe(expected);
  });

  it('holds for four seconds after it went down, then climbs with care up to 115 %', () => {
    const rates: number[] = [];
    let rate = after(2500, transport({ queueMs: 201 }), transport({ queueMs: 10 }));
    for (let at = 0; at < 80; at += 1) {
      const empty = transport({ arrivedKbps: rate.kbps });
      rate = nextPathRate(rate, empty, LIMITS, 250 + at * 250);
      rates.push(rate.kbps);
    }
    expect(rates.filter((kbps) => kbps === 850)).toHaveLength(16);
    const careful = rates.findIndex((kbps) => kbps > 1150);
    expect(careful).toBeGreaterThan(16 + 8);
    expect(careful).toBeLessThan(16 + 16);
    expect(rates.indexOf(2500) - careful).toBeLessThan(4 * 4);
  });

  it('takes a delay that does not change for a longer way, not for a queue', () => {
    let rate = startRate(2000);
    const rates: number[] = [];
    for (let at = 0; at < 40; at += 1) {
      // What arrives is what is sent: nothing waits anywhere.
      const seen = transport({ queueMs: 150 + (at % 3) * 5, arrivedKbps: rate.kbps });
      rate = nextPathRate(rate, seen, LIMITS, at * 250);
      rates.push(rate.kbps);
    }
    expect(rates.filter((kbps) => kbps < 1500).length * 250).toBeLessThanOrEqual(1500);
    expect(rates.slice(8).every((kbps, at, all) => kbps >= (all[at - 1] ?? 1500))).toBe(true);
  });

  it('still sees a queue on a longer way, and forgets the way when it is short again', () => {
    const seen = (queueMs: number) => transport({ queueMs, arrivedKbps: 600 });
    const far = [150, 150].map((queueMs) => transport({ queueMs }));
    far.push(...Array.from({ length: 10 }, () => seen(150)));
    expect(after(2000, ...far)).toMatchObject({ kbps: 850, drain: null, longerMs: 150 });
    const short = after(2000, ...far, transport(), transport({ queueMs: 201 }));
    expect(short.drain).not.toBeNull();
    const full = after(2000, ...far, transport({ queueMs: 351 }));
    expect(full.drain).not.toBeNull();
  });

  it('drains again what did not empty in time', () => {
    const long = Array.from({ length: 12 }, (_, at) => transport({ queueMs: 350 - 15 * at }));
    const rate = after(2500, transport({ queueMs: 201 }), ...long);
    expect(rate.kbps).toBe(360);
    expect(sustainedKbps(rate)).toBeCloseTo(510, 6);
  });
});

describe('the rate of a path where only loss is known', () => {
  it.each([
    ['above 5 %: to 80 %', [0.06], 800],
    ['far above: to what arrived', [0.7], 300],
    ['2 to 5 %: stays', [0.03], 1000],
    ['below 2 %: up by 10 %', [0.01], 1100],
    ['down once in 900 ms', [0.06, 0.06, 0.06, 0.06, 0.06], 640],
    ['no report: stays', [null], 1000],
    ['up once in 750 ms', [0, 0, 0, 0], 1210],
    ['up no earlier than 3 s after down', [0.06, 0, 0, 0, 0, 0], 800],
  ])('%s', (_case, losses, expected) => {
    expect(after(1000, ...losses.map(reports)).kbps).toBe(expected);
  });
});
