import { describe, expect, test } from 'vitest';
import { LayerPolicy, type LayerFlow } from '../../../srs/embedded/rtc/layer-policy.ts';

const flow = (bitsPerSecond: number, flowing = true): LayerFlow => ({ bitsPerSecond, flowing });
const THREE = [flow(150_000), flow(500_000), flow(1_500_000)];

/** A viewer whose path says the same each 200 ms; `choose` runs as the engine runs it. */
const aViewer = () => {
  const policy = new LayerPolicy();
  let nowMs = 10_000;
  let current: number | null = null;
  const changes: string[] = [];
  return {
    policy,
    changes,
    get current() {
      return current;
    },
    run(ms: number, say: (signs: LayerPolicy['signs'], nowMs: number) => void, layers = THREE) {
      for (const endMs = nowMs + ms; nowMs < endMs; nowMs += 200) {
        if (nowMs % 1_000 === 0) say(policy.signs, nowMs);
        const chosen = policy.choose(layers, current, nowMs);
        if (chosen !== current) changes.push(`${(nowMs - 10_000) / 1000}s ${chosen}`);
        current = chosen;
      }
    },
  };
};

const fine = (signs: LayerPolicy['signs'], nowMs: number): void => {
  signs.heardLoss(0, nowMs);
  signs.heardRoundTrip(20, nowMs);
  signs.heardEstimate(2_000_000, nowMs);
};

describe('[LAYER-03] the automatic choice', () => {
  test('starts with what a megabit bears, and goes up a step at a time', () => {
    const viewer = aViewer();
    viewer.run(6_000, fine);
    expect(viewer.changes).toEqual(['0s 1', '2.6s 2']);
    const lowest = aViewer();
    lowest.run(1_000, fine, [flow(1_200_000), flow(3_000_000)]);
    expect(lowest.current).toBe(0);
  });

  test('goes up later against an estimate that says no, and not at all against loss', () => {
    const viewer = aViewer();
    viewer.run(20_000, (signs, nowMs) => {
      fine(signs, nowMs);
      signs.heardEstimate(300_000, nowMs);
    });
    expect(viewer.changes).toEqual(['0s 1', '8s 2']);
    const lossy = aViewer();
    lossy.run(60_000, (signs, nowMs) => signs.heardLoss(0.05, nowMs));
    expect(lossy.changes).toEqual(['0s 1']);
  });

  test.each([
    ['loss', (signs: LayerPolicy['signs'], nowMs: number) => signs.heardLoss(0.4, nowMs)],
    ['a queue', (signs: LayerPolicy['signs'], nowMs: number) => signs.heardRoundTrip(600, nowMs)],
  ])('goes down within two reports of %s, at once as far as the estimate says', (_what, bad) => {
    const viewer = aViewer();
    viewer.run(20_000, fine);
    expect(viewer.current).toBe(2);
    viewer.run(2_200, (signs, nowMs) => {
      bad(signs, nowMs);
      signs.heardEstimate(300_000, nowMs);
    });
    expect(viewer.current).toBe(0);
  });

  test('an estimate alone moves nothing down: it falls on any jitter', () => {
    const viewer = aViewer();
    viewer.run(20_000, fine);
    viewer.run(20_000, (signs, nowMs) => {
      fine(signs, nowMs);
      signs.heardEstimate(100_000, nowMs);
    });
    expect(viewer.current).toBe(2);
  });

  test('one slow round trip moves nothing, a long row of a little slower ones does', () => {
    const viewer = aViewer();
    viewer.run(20_000, fine);
    viewer.run(1_000, (signs, nowMs) => signs.heardRoundTrip(150, nowMs));
    viewer.run(3_000, fine);
    expect(viewer.current).toBe(2);
    viewer.run(3_000, (signs, nowMs) => signs.heardRoundTrip(150, nowMs));
    expect(viewer.current).toBe(1);
  });

  test('each failed trial doubles the time to the next, a good one ends that', () => {
    const viewer = aViewer();
    const narrow = (signs: LayerPolicy['signs'], nowMs: number): void => {
      fine(signs, nowMs);
      if (viewer.current === 2) signs.heardRoundTrip(800, nowMs);
    };
    viewer.run(150_000, narrow);
    const trials = viewer.changes
      .filter((change) => change.endsWith(' 2'))
      .map((change) => Number.parseFloat(change));
    const gaps = trials.slice(1).map((atS, index) => atS - (trials[index] ?? 0));
    expect(gaps.length).toBeGreaterThanOrEqual(3);
    for (const [index, gap] of gaps.entries()) {
      expect(gap).toBeGreaterThan(index === 0 ? 9 : Math.min(60, (gaps[index - 1] ?? 0) * 1.5));
    }
  });

  test('a layer that stops is left for the next lower, else the next higher', () => {
    const viewer = aViewer();
    viewer.run(20_000, fine);
    viewer.run(400, fine, [flow(150_000), flow(500_000), flow(0, false)]);
    expect(viewer.current).toBe(1);
    viewer.run(400, fine, [flow(150_000, false), flow(500_000, false), flow(1_500_000)]);
    expect(viewer.current).toBe(2);
    viewer.run(400, fine, [flow(0, false), flow(0, false), flow(0, false)]);
    expect(viewer.current).toBe(2);
  });
});
