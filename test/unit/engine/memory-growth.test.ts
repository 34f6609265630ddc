import { expect, test } from 'vitest';
import { memoryGrowth } from '../../bench/memory-growth.ts';

const at = (joins: number, mebibytes: number) => ({ joins, rssBytes: mebibytes * 2 ** 20 });

test('growth is told per 1,000 joins, for each half of a run', () => {
  expect(memoryGrowth(at(1000, 100), at(5000, 140), at(10_000, 150))).toEqual({
    firstHalf: 10,
    secondHalf: 2,
    verdict: 'growing, and slower',
  });
});

test('a leak grows evenly; a plateau, or less memory at the end, is flat', () => {
  expect(memoryGrowth(at(0, 0), at(1000, 10), at(2000, 20)).verdict).toBe('growing');
  expect(memoryGrowth(at(0, 0), at(1000, 50), at(2000, 50.4)).verdict).toBe('flat');
  expect(memoryGrowth(at(0, 0), at(1000, 50), at(2000, 40)).verdict).toBe('flat');
});
