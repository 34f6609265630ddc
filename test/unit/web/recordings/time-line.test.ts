import { describe, expect, test } from 'vitest';
import { viewOf } from '../../../../gateway/recordings/recording.ts';
import { TimeLine, thumbnailAt } from '../../../../web/core/recordings/time-line.ts';
import { aRecording } from '../../../support/recording/a-recording.ts';

const [first = expect.fail()] = aRecording().parts;
const part = (id: string, source: string, offsetMs: number, more: object = {}) => ({
  ...first,
  ...{ id, source, offsetMs, durationMs: 10_000, thumbnails: 0 },
  ...more,
});
const aTimeLine = () =>
  new TimeLine(
    viewOf(
      aRecording({
        parts: [
          part('part0003', 'main', 30_000),
          part('part0001', 'main', 0),
          part('part0002', 'camera', 5_000, { thumbnails: 3 }),
          part('part0004', 'main', 50_000, { state: 'failed' }),
          part('part0005', 'main', 60_000, { durationMs: 0 }),
        ],
      }),
    ),
  );

describe('the time line of a recording', () => {
  test('has the parts that can be played, by source, in their order', () => {
    const line = aTimeLine();
    expect(line.sources).toEqual(['main', 'camera']);
    expect(line.chaptersOf('main').map(({ from, to }) => [from, to])).toEqual([
      [0, 10_000],
      [30_000, 40_000],
    ]);
    expect([line.durationMs, line.chaptersOf('none')]).toEqual([40_000, []]);
  });

  test.each([
    [0, 0],
    [9_999, 0],
    [10_000, 30_000],
    [20_000, 30_000],
    [40_000, undefined],
  ])('at %s ms shows what is there, or comes next', (ms, from) => {
    expect(aTimeLine().at('main', ms)?.from).toBe(from);
  });

  test.each([
    [0, 1, 30_000],
    [30_000, 1, null],
    [31_000, -1, 0],
    [33_000, -1, 30_000],
    [500, -1, 0],
  ] as const)('from %s ms a step of %s leads to %s', (ms, by, to) => {
    expect(aTimeLine().step('main', ms, by)).toBe(to);
  });

  test('a thumbnail is the nearest, and never one that is not there', () => {
    const [chapter = expect.fail()] = aTimeLine().chaptersOf('camera');
    expect([0, 5_000, 1e9].map((ms) => thumbnailAt(chapter, ms))).toEqual([0, 0, 2]);
    const [without = expect.fail()] = aTimeLine().chaptersOf('main');
    expect(thumbnailAt(without, 0)).toBeNull();
  });
});
