import { describe, expect, test } from 'vitest';
import { GRAPH, graphPath, thinOut, topOf } from '../../../../web/admin/core/graph-path.ts';
import {
  FIRST_PAGE,
  cursorOf,
  nextPage,
  previousPage,
  showPlace,
} from '../../../../web/admin/core/page-place.ts';

describe('a graph', () => {
  test('has a top that people can read', () => {
    expect([[], [0, null], [3], [20], [21], [4_999]].map((values) => topOf(values))).toEqual([
      1, 1, 5, 20, 50, 5_000,
    ]);
  });

  test('goes from the left to the right, from zero up, with gaps where nothing was measured', () => {
    expect(graphPath([0, 5, null, 10, 10], 10)).toBe(
      `M0.0 ${GRAPH.height}.0L150.0 60.0M450.0 0.0L600.0 0.0`,
    );
    expect(graphPath([null, 4, null], 4)).toBe('M300.0 0.0h1');
  });

  test('of a day has no more points than can be told apart', () => {
    const day = Array.from({ length: 1_440 }, (_, minute) => (minute < 720 ? 2 : null));
    const thin = thinOut(day);
    expect(thin).toHaveLength(240);
    expect(thin.slice(0, 120)).toEqual(Array(120).fill(2));
    expect(thin.slice(120)).toEqual(Array(120).fill(null));
    expect(thinOut([1, 2, 3])).toEqual([1, 2, 3]);
  });
});

describe('pages of a list', () => {
  test('one goes on by what the last page said, and back the way one came', () => {
    const second = nextPage(FIRST_PAGE, 'b');
    const third = nextPage(second, 'c');
    expect([FIRST_PAGE, second, third].map(cursorOf)).toEqual([
      {},
      { cursor: 'b' },
      { cursor: 'c' },
    ]);
    expect(previousPage(third)).toEqual(second);
    expect(previousPage(FIRST_PAGE)).toEqual(FIRST_PAGE);
  });

  test('it is said which part is shown', () => {
    const second = nextPage(FIRST_PAGE, 'b');
    expect(showPlace(FIRST_PAGE, { limit: 50, shown: 50, total: 5_000 })).toBe('1–50 of 5,000');
    expect(showPlace(second, { limit: 50, shown: 1, total: 51 })).toBe('51 of 51');
    expect(showPlace(FIRST_PAGE, { limit: 50, shown: 0, total: 0 })).toBe('none');
    expect(showPlace(second, { limit: 50, shown: 0, total: 20 })).toBe('none of 20');
  });
});
