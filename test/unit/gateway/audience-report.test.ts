import { describe, expect, test } from 'vitest';
import type { PlayerReport } from '../../../gateway/protocol/viewer.ts';
import { AudienceReport } from '../../../gateway/protocol/host.ts';
import { audienceReport } from '../../../gateway/rooms/hosts/audience-report.ts';

const aReport = (given: Partial<PlayerReport> = {}): PlayerReport => ({
  loss: 0,
  jitterMs: 0,
  framesReceived: 60,
  framesDecoded: 60,
  framesDropped: 0,
  decodeMs: 1,
  freezes: 0,
  freezeMs: 0,
  ...given,
});

const ofLosses = (...losses: readonly number[]) =>
  audienceReport(
    losses.length,
    losses.map((loss) => aReport({ loss })),
  );

test('of nobody is all zero, and no division by it', () => {
  const report = audienceReport(3, []);
  expect(AudienceReport.parse(report)).toEqual({
    viewers: 3,
    reporting: 0,
    lossMedian: 0,
    lossUpper: 0,
    jitterMedianMs: 0,
    decodeMedianMs: 0,
    freezing: 0,
    losing: 0,
    overloaded: 0,
  });
});

test.each([
  [[0.3], 0.3, 0.3],
  [[0, 0.2], 0.1, 0.2],
  [[0.4, 0, 0], 0, 0.4],
  [[0, 0, 0, 0.4], 0, 0.4],
  [[0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8], 0.45, 0.7],
])('losses %j: median %f, worst quarter from %f on', (losses, median, upper) => {
  const report = ofLosses(...losses);
  expect(report.lossMedian).toBeCloseTo(median);
  expect(report.lossUpper).toBeCloseTo(upper);
});

describe('shares are of those who report', () => {
  test('losing: more than 5 %', () => {
    expect(ofLosses(0.05, 0.051, 0.5, 0).losing).toBe(0.5);
  });

  test('freezing: stood still at all', () => {
    const reports = [aReport({ freezes: 1 }), aReport({ freezeMs: 40 }), aReport(), aReport()];
    expect(audienceReport(8, reports)).toMatchObject({ viewers: 8, reporting: 4, freezing: 0.5 });
  });

  test('overloaded: decodes slower than pictures come', () => {
    const reports = [
      aReport({ decodeMs: 33, framesReceived: 60 }),
      aReport({ decodeMs: 34, framesReceived: 60 }),
      aReport({ decodeMs: 5000, framesReceived: 0 }),
    ];
    expect(audienceReport(3, reports).overloaded).toBeCloseTo(1 / 3);
  });
});
