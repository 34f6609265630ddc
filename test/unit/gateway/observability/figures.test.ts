import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { FigureRing } from '../../../../gateway/observability/figures/figure-ring.ts';
import { Figures, type Sample } from '../../../../gateway/observability/figures/figures.ts';
import { Rate } from '../../../../gateway/observability/figures/rate.ts';
import { Window } from '../../../../gateway/observability/figures/window.ts';
import { FIGURE_NAMES, FiguresView } from '../../../../gateway/protocol/api/figures.ts';

const ring = () => new FigureRing(['a', 'b'], { stepMs: 10, length: 4 });

describe('a ring of figures', () => {
  test('[FIG-03] has the newest steps, and null where there was none', () => {
    const figures = ring();
    figures.note(1_000, { a: 1, b: 10 });
    figures.note(1_010, { a: 2 });
    figures.note(1_030, { a: 4, b: null });
    expect(figures.read(1_035, 40)).toEqual({
      from: 1_000,
      series: { a: [1, 2, null, 4], b: [10, null, null, null] },
    });
    expect(figures.read(1_050, 20)).toEqual({
      from: 1_040,
      series: { a: [null, null], b: [null, null] },
    });
  });

  test('[FIG-03] a clock that goes back changes nothing, one that leaps forgets', () => {
    const figures = ring();
    figures.note(1_000, { a: 1 });
    figures.note(500, { a: 9 });
    expect(figures.read(1_000, 10).series.a).toEqual([1]);
    figures.note(9_000, { a: 2 });
    expect(figures.read(9_000, 40).series.a).toEqual([null, null, null, 2]);
  });

  test('[FIG-03] is what a list of all samples would give', () => {
    const steps = fc.array(fc.record({ ahead: fc.nat(9), value: fc.integer() }), { maxLength: 40 });
    fc.assert(
      fc.property(steps, fc.integer({ min: 1, max: 4 }), (samples, count) => {
        const figures = ring();
        const all = new Map<number, number>();
        let step = 100;
        for (const { ahead, value } of samples) {
          step += ahead;
          figures.note(step * 10, { a: value });
          all.set(step, value);
        }
        const expected = Array.from(
          { length: count },
          (_, index) => all.get(step - count + 1 + index) ?? null,
        );
        expect(figures.read(step * 10, count * 10).series.a).toEqual(expected);
      }),
    );
  });
});

test('[FIG-03] percentiles are of the values since the last look', () => {
  const window = new Window(100, () => 0.5);
  expect(window.take()).toEqual({ p50: null, p95: null });
  for (let value = 1; value <= 100; value += 1) window.note(value);
  expect(window.take()).toEqual({ p50: 50, p95: 95 });
  window.note(7);
  expect(window.take()).toEqual({ p50: 7, p95: 7 });
});

test('[FIG-03] more values than are kept leave a fair choice of them', () => {
  const window = new Window(1_000, Math.random);
  for (let value = 0; value < 100_000; value += 1) window.note(value);
  const { p50, p95 } = window.take();
  expect(p50).toBeGreaterThan(40_000);
  expect(p50).toBeLessThan(60_000);
  expect(p95).toBeGreaterThan(90_000);
});

test('[FIG-03] a rate is of two readings; a counter that began anew gives none', () => {
  const rate = new Rate();
  const readings = [
    [100, 0],
    [150, 1_000],
    [150, 2_000],
    [10, 3_000],
    [20, 3_500],
    [null, 4_000],
    [30, 5_000],
  ] as const;
  expect(readings.map(([sum, at]) => rate.perSecond(sum, at))).toEqual([
    ...[null, 50, 0, null, 20, null, null],
  ]);
});

describe('figures over time', () => {
  function someFigures(samples: readonly (Sample | Error)[]) {
    const clock = { now: Date.UTC(2026, 0, 1) };
    const errors: unknown[] = [];
    let index = 0;
    const figures = new Figures({
      now: () => clock.now,
      onError: (error) => errors.push(error),
      sample: () => {
        const next = samples[index++] ?? {};
        return next instanceof Error ? Promise.reject(next) : Promise.resolve(next);
      },
    });
    return { clock, errors, figures };
  }

  test('[FIG-03] an hour has steps of 5 s, a day the mean of each minute, or its worst', async () => {
    const samples = Array.from({ length: 24 }, (_, index) => ({
      rooms: index,
      eventLoopDelayMs: index === 3 ? 80 : 1,
    }));
    const { clock, figures } = someFigures(samples);
    for (let turn = 0; turn < samples.length; turn += 1) {
      await figures.take();
      clock.now += 5_000;
    }
    clock.now -= 5_000;
    const hour = figures.read('15m');
    expect(hour.step).toBe(5_000);
    expect(hour.series.rooms).toHaveLength(180);
    expect(hour.series.rooms.slice(-3)).toEqual([21, 22, 23]);
    const day = figures.read('24h');
    expect(day.step).toBe(60_000);
    expect(day.series.rooms).toHaveLength(1_440);
    expect(day.series.rooms.slice(-3)).toEqual([null, 5.5, 17.5]);
    expect(day.series.eventLoopDelayMs.slice(-2)).toEqual([80, 1]);
    expect(FiguresView.parse(JSON.parse(JSON.stringify(day)))).toEqual(day);
    expect(Object.keys(hour.series)).toEqual(FIGURE_NAMES);
  });

  test('[FIG-03] a reading that fails leaves a gap, and is told', async () => {
    const { clock, errors, figures } = someFigures([{ rooms: 1 }, new Error('no'), { rooms: 3 }]);
    for (let turn = 0; turn < 3; turn += 1) {
      await figures.take();
      clock.now += 5_000;
    }
    clock.now -= 5_000;
    expect(figures.read('15m').series.rooms.slice(-3)).toEqual([1, null, 3]);
    expect(errors).toHaveLength(1);
  });
});
