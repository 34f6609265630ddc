import { expect, test } from 'vitest';
import {
  bytesPerViewer,
  costRatio,
  viewersPerCore,
  type CarriedCrowd,
} from '../../bench/fanout-verdict.ts';

const aCrowd = (of: Partial<CarriedCrowd> = {}): CarriedCrowd => ({
  viewers: 100,
  cpuShare: 0.5,
  keptShare: 1,
  microsecondsPerPacket: 8,
  rssBytes: 100e6,
  rssPerViewer: 300e3,
  ...of,
});

test('a crowd that got less than 99 % does not count towards viewers per core', () => {
  const behind = aCrowd({ viewers: 400, cpuShare: 1, keptShare: 0.985 });
  expect(viewersPerCore([aCrowd(), behind])).toBe(200);
  expect(viewersPerCore([behind])).toBeNaN();
});

test('memory per viewer is the growth between crowds, or since the start of a single one', () => {
  const larger = aCrowd({ viewers: 200, rssBytes: 120e6 });
  expect(bytesPerViewer([aCrowd(), larger])).toBe(200e3);
  expect(bytesPerViewer([aCrowd()])).toBe(300e3);
});

test('servers are compared where both carried the same crowd, and nowhere else', () => {
  expect(costRatio(aCrowd(), aCrowd({ microsecondsPerPacket: 10 }))).toBe(0.8);
  expect(costRatio(aCrowd(), undefined)).toBeNull();
  expect(costRatio(aCrowd(), aCrowd({ viewers: 98 }))).toBeNull();
  expect(costRatio(aCrowd(), aCrowd({ keptShare: 0.5 }))).toBeNull();
  expect(costRatio(aCrowd({ keptShare: 0.5 }), aCrowd())).toBeNull();
  expect(costRatio(aCrowd(), aCrowd({ microsecondsPerPacket: Infinity }))).toBeNull();
  expect(costRatio(aCrowd(), aCrowd({ microsecondsPerPacket: Number.NaN }))).toBeNull();
});
