import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AudienceReport, Content, Fixed } from '../../../../gateway/protocol/host.ts';
import {
  decide,
  pausedUntilMs,
  pictureOf,
  startPolicy,
  tunePolicy,
  type PolicyState,
} from '../../../../host-publisher/adaptation/policy.ts';
import { FREE } from '../../../../host-publisher/adaptation/tuning.ts';
import { aReport } from '../../../support/host/a-report.ts';
import { SimulatedPath } from '../../../support/host/simulated-path.ts';

const MOST = { width: 1280, height: 720, fps: 30, bitrateKbps: 3500 };
const PERIOD_MS = 250;
type By = 'transport' | 'reports';

interface Run {
  readonly seconds: number;
  readonly capacityKbps: (second: number) => number;
  readonly by?: By;
  readonly content?: Content;
  readonly fixed?: Fixed;
  /** What viewers say at a bitrate, each two seconds. */
  readonly report?: (kbps: number) => AudienceReport;
  readonly start?: PolicyState;
}

/** Lets the policy send through a simulated path; its picture in each quarter of a second. */
function simulate({ seconds, capacityKbps, by = 'transport', ...more }: Run) {
  const { content = 'motion', fixed = FREE } = more;
  const path = new SimulatedPath();
  let state = more.start ?? startPolicy({ most: MOST, content }, fixed);
  return Array.from({ length: (seconds * 1000) / PERIOD_MS }, (_, at) => {
    const nowMs = at * PERIOD_MS;
    const picture = pictureOf(state);
    const pauseMs = Math.min(PERIOD_MS, Math.max(0, pausedUntilMs(state) - nowMs));
    path.send(0, capacityKbps(nowMs / 1000), pauseMs);
    path.send(picture.bitrateKbps, capacityKbps(nowMs / 1000), PERIOD_MS - pauseMs);
    const hasReport = nowMs % 2000 === 1750;
    const seen =
      by === 'transport'
        ? path.observe(PERIOD_MS)
        : nowMs % 1000 === 750
          ? path.report(1000)
          : ({ by: 'reports', loss: null, rembKbps: null } as const);
    const report = hasReport ? (more.report?.(picture.bitrateKbps) ?? null) : null;
    state = decide(state, { nowMs, path: seen, report });
    return { second: nowMs / 1000, ...pictureOf(state) };
  });
}

type Trace = ReturnType<typeof simulate>;
const shapeOf = ({ width, height, fps }: Trace[number]): string => `${width}x${height}@${fps}`;
const changes = (trace: Trace): number =>
  trace.filter((now, at) => at > 0 && shapeOf(now) !== shapeOf(trace[at - 1] ?? now)).length;
const drops = (trace: Trace): number =>
  trace.filter((now, at) => now.bitrateKbps < (trace[at - 1] ?? now).bitrateKbps).length;
const since = (trace: Trace, second: number): Trace => trace.filter((one) => one.second >= second);
const secondsUntil = (trace: Trace, from: number, is: (one: Trace[number]) => boolean): number =>
  (since(trace, from).find(is)?.second ?? Infinity) - from;

describe('the policy on a path of 4, 1, 4 Mbit/s', () => {
  const capacityKbps = (second: number) => (second < 10 || second >= 40 ? 4000 : 1000);

  it.each<[By, Content, string]>([
    ['transport', 'motion', '960x540@30'],
    ['transport', 'text', '1280x720@15'],
    ['reports', 'motion', '960x540@30'],
  ])('by %s, %s: down within 3 s, up within 15 s', (by, content, narrow) => {
    const trace = simulate({ seconds: 70, capacityKbps, by, content });
    expect(secondsUntil(trace, 10, ({ bitrateKbps }) => bitrateKbps <= 1050)).toBeLessThan(3);
    expect(secondsUntil(trace, 10, (one) => shapeOf(one) === narrow)).toBeLessThan(4);
    expect(secondsUntil(trace, 40, ({ bitrateKbps }) => bitrateKbps > 3150)).toBeLessThan(15);
    expect(shapeOf(trace.at(-1) ?? expect.fail())).toBe('1280x720@30');
  });
});

describe('the policy', () => {
  it('starts on an unknown path with 4 Mbit/s at most', () => {
    const big = { ...MOST, bitrateKbps: 20_000 };
    expect(pictureOf(startPolicy({ most: big, content: 'motion' }, FREE)).bitrateKbps).toBe(4000);
  });

  it('does not swing on a constant path', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 200, max: 5000 }),
        fc.constantFrom<By>('transport', 'reports'),
        fc.constantFrom<Content>('text', 'motion'),
        (capacity, by, content) => {
          const trace = simulate({ seconds: 100, capacityKbps: () => capacity, by, content });
          const settled = since(trace, 40);
          expect(changes(settled)).toBeLessThanOrEqual(3);
          expect(drops(settled)).toBeLessThanOrEqual(16);
        },
      ),
      { numRuns: 60 },
    );
  }, 60_000);

  it('stays within its limits whatever comes, and what is fixed stays fixed', () => {
    const share = fc.double({ min: 0, max: 1, noNaN: true });
    const maybe = (most: number) => fc.option(fc.double({ min: 0, max: most, noNaN: true }));
    const moments = fc.array(
      fc.record({
        gapMs: fc.integer({ min: 0, max: 5000 }),
        path: fc.oneof(
          fc.record({
            by: fc.constant('transport' as const),
            loss: fc.option(share),
            queueMs: maybe(5000),
            arrivedKbps: maybe(1e6),
            rembKbps: maybe(1e6),
          }),
          fc.record({
            by: fc.constant('reports' as const),
            loss: fc.option(share),
            rembKbps: maybe(1e6),
          }),
        ),
        report: fc.option(
          fc
            .record({ lossMedian: share, losing: share, freezing: share, overloaded: share })
            .map((shares) => aReport(shares)),
        ),
      }),
      { maxLength: 100 },
    );
    const fixes = fc.record({
      bitrateKbps: fc.option(fc.integer({ min: 100, max: 3500 })),
      fps: fc.option(fc.integer({ min: 1, max: 30 })),
      size: fc.option(fc.constant({ width: 640, height: 480 })),
      content: fc.option(fc.constantFrom<Content>('text', 'motion')),
    });
    fc.assert(
      fc.property(moments, fixes, fc.boolean(), (seen, fixed, isTunedLater) => {
        const goal = { most: MOST, content: 'text' as const };
        let state = startPolicy(goal, isTunedLater ? FREE : fixed);
        if (isTunedLater) state = tunePolicy(state, fixed, 0);
        let nowMs = 0;
        for (const { gapMs, ...moment } of seen) {
          state = decide(state, { ...moment, nowMs: (nowMs += gapMs) });
          const { width, height, fps, bitrateKbps } = pictureOf(state);
          expect(bitrateKbps).toBeGreaterThanOrEqual(Math.min(150, fixed.bitrateKbps ?? 150));
          expect(bitrateKbps).toBeLessThanOrEqual(3500);
          expect(width % 2 || height % 2).toBe(0);
          expect(width <= 1280 && height <= 720).toBe(true);
          expect(fps).toBeGreaterThanOrEqual(fixed.fps ?? 5);
          expect(fps).toBeLessThanOrEqual(fixed.fps ?? 30);
          if (fixed.bitrateKbps !== null) expect(bitrateKbps).toBe(fixed.bitrateKbps);
          if (fixed.size !== null) expect({ width, height }).toEqual(fixed.size);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('follows a bitrate that is fixed too low with the picture, and goes on from there', () => {
    const wide = () => 100_000;
    const fixed = { ...FREE, bitrateKbps: 300 };
    const trace = simulate({ seconds: 5, capacityKbps: wide, fixed });
    expect(trace.every((one) => shapeOf(one) === '480x270@30')).toBe(true);
    const low = startPolicy({ most: MOST, content: 'motion' }, fixed);
    const freed = simulate({
      seconds: 20,
      capacityKbps: wide,
      start: tunePolicy(low, { bitrateKbps: null }, 0),
    });
    expect(freed[0]?.bitrateKbps).toBeLessThan(350);
    expect(freed.at(-1)).toMatchObject(MOST);
  });

  it('changes its order at once when the content is fixed', () => {
    const motion = startPolicy({ most: MOST, content: 'motion' }, { ...FREE, bitrateKbps: 850 });
    expect(pictureOf(motion)).toMatchObject({ width: 960, fps: 30 });
    const text = tunePolicy(motion, { content: 'text' }, 0);
    expect(pictureOf(text)).toMatchObject({ width: 1280, fps: 15 });
    expect(pictureOf(tunePolicy(text, { content: null }, 0))).toMatchObject({ width: 960 });
  });
});

describe('the policy and its audience', () => {
  const wide = () => 100_000;

  it('finds the rate that half of the viewers can take, and stays near it', () => {
    const report = (kbps: number) =>
      aReport(kbps > 1200 ? { losing: 0.75, lossMedian: 1 - 1200 / kbps } : {});
    const trace = simulate({ seconds: 180, capacityKbps: wide, report });
    expect(secondsUntil(trace, 0, ({ bitrateKbps }) => bitrateKbps <= 1200)).toBeLessThan(3);
    const settled = since(trace, 60);
    expect(Math.min(...settled.map(({ bitrateKbps }) => bitrateKbps))).toBeGreaterThan(800);
    expect(drops(settled)).toBeLessThanOrEqual(2 * 4);
    expect(changes(settled)).toBeLessThanOrEqual(2 * 2);
  });

  it('makes an easier picture of the same bitrate for slow decoders', () => {
    const report = () => aReport({ overloaded: 1 });
    const trace = simulate({ seconds: 6, capacityKbps: wide, report });
    expect(trace.at(-1)).toEqual({ second: 5.75, ...MOST, width: 640, height: 360 });
  });

  it('does not follow a few', () => {
    const report = () => aReport({ losing: 0.4, freezing: 0.4, overloaded: 0.4 });
    expect(simulate({ seconds: 20, capacityKbps: wide, report }).at(-1)).toMatchObject(MOST);
  });
});
