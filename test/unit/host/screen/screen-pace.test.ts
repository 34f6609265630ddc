import { describe, expect, test } from 'vitest';
import { ScreenPace } from '../../../../host-publisher/media/screen/screen-pace.ts';

interface Taken {
  readonly atMs: number;
  /** Since the newest change that it shows. */
  readonly ageMs: number;
}

/** Runs a pace through changes at these times, as one who is told of them runs it. */
function run(fps: number, changesMs: readonly number[], untilMs: number): readonly Taken[] {
  const pace = new ScreenPace(fps, 0);
  const taken: Taken[] = [];
  let newestMs = -Infinity;
  let hears = true;
  const capture = (atMs: number): void => {
    pace.captures(atMs);
    pace.hears();
    hears = true;
    taken.push({ atMs, ageMs: atMs - newestMs });
  };
  const look = (atMs: number): void => {
    const due = pace.due(atMs);
    if (due === 'capture') capture(atMs);
    if (due !== 'hear') return;
    pace.hears();
    hears = true;
  };
  let nowMs = 0;
  look(0);
  for (const changeMs of [...changesMs, untilMs]) {
    while (nowMs + pace.waitMs(nowMs) < changeMs) {
      // A timer's own milliseconds.
      nowMs += Math.max(1, Math.ceil(pace.waitMs(nowMs)));
      if (nowMs < changeMs) look(nowMs);
    }
    nowMs = changeMs;
    look(nowMs);
    newestMs = changeMs;
    if (!hears) continue;
    hears = false;
    if (pace.changed(changeMs)) capture(changeMs);
  }
  return taken.filter(({ atMs }) => atMs < untilMs);
}

const every = (ms: number, untilMs: number, offMs = (_index: number): number => 0): number[] =>
  Array.from({ length: Math.floor(untilMs / ms) }, (_, index) => 5 + index * ms + offMs(index));

const perSecond = (taken: readonly Taken[], untilMs: number): number =>
  (taken.length * 1000) / untilMs;

/** Repeats, evenly spread over -1 … 1. */
const jitter = (index: number): number => ((index * 7919) % 201) / 100 - 1;

describe('when a screen is captured', () => {
  test('at the rate while nothing changes', () => {
    const taken = run(30, [], 10_000);
    expect(perSecond(taken, 10_000)).toBeCloseTo(30, 0);
  });

  test('at once when it changes after a rest, whenever it was captured last', () => {
    for (const changeMs of [1_001, 1_010, 1_020, 1_030]) {
      const taken = run(30, [changeMs], 2_000);
      expect(taken.map(({ atMs }) => atMs)).toContain(changeMs);
    }
  });

  test.each([
    [30, 120],
    [30, 60],
    [30, 30],
    [60, 120],
    [60, 60],
    [5, 60],
  ])('%i a second of %i paintings a second: right after one, at the rate', (fps, paintings) => {
    const taken = run(
      fps,
      every(1000 / paintings, 20_000, (index) => jitter(index)),
      20_000,
    );
    expect(perSecond(taken, 20_000)).toBeGreaterThan(fps * 0.98);
    expect(taken.length).toBeLessThan(fps * 20 * 1.02 + 3);
    const settled = taken.slice(fps);
    const fresh = settled.filter(({ ageMs }) => ageMs <= 1);
    expect(fresh.length / settled.length).toBeGreaterThan(0.9);
  });

  test.each([24, 25, 50])('each of %i paintings a second, at most once', (paintings) => {
    const taken = run(60, every(1000 / paintings, 10_000), 10_000).slice(5);
    const fresh = taken.filter(({ ageMs }) => ageMs === 0);
    expect(fresh.length).toBeGreaterThanOrEqual(paintings * 10 - 5);
  });

  test('no more often than the rate though it changes all the time', () => {
    const taken = run(30, every(1, 10_000), 10_000);
    expect(perSecond(taken, 10_000)).toBeLessThan(31);
    expect(perSecond(taken, 10_000)).toBeGreaterThan(29);
  });

  test('soon after the last change of many', () => {
    for (let lastMs = 1_000; lastMs < 1_040; lastMs += 1) {
      const changes = [...every(11, 990), lastMs];
      const shown = run(30, changes, 3_000).find(({ atMs, ageMs }) => atMs - ageMs === lastMs);
      expect(shown?.ageMs).toBeLessThanOrEqual(1000 / 30 + 1000 / 30 / 4 + 1);
    }
  });

  test('one picture for all that changed while this machine was stopped', () => {
    const pace = new ScreenPace(30, 0);
    pace.captures(0);
    pace.changed(10);
    expect(pace.due(9_000)).toBe('capture');
    pace.captures(9_000);
    expect(pace.due(9_001)).toBeNull();
    expect(pace.waitMs(9_001)).toBeGreaterThan(20);
  });
});
