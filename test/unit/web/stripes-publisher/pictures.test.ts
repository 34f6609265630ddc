import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CaptureClock } from '../../../../web/core/stripes-publisher/capture-clock.ts';
import { h264CodecOf } from '../../../../web/core/stripes-publisher/h264-level.ts';
import { encodedSize } from '../../../../web/core/stripes-publisher/picture-encoder.ts';
import { findChangedRows, partition } from '../../../../web/core/stripes-publisher/picture-rows.ts';

describe('[MEDIA-120] what a page encodes', () => {
  test('rows cover a picture of any height without a gap, at most eight of them', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 4320 }), (height) => {
        const rows = partition(height);
        expect(rows.length).toBeLessThanOrEqual(8);
        let next = 0;
        for (const row of rows) {
          expect(row.y).toBe(next);
          expect(row.rows).toBeGreaterThan(0);
          next += row.rows;
        }
        expect(next).toBe(height);
      }),
    );
  });

  test('only rows with another pixel are sent again; all when none was', () => {
    const rows = partition(64);
    const before = new Uint32Array(64 * 10);
    expect(findChangedRows(rows, before, null, 10)).toEqual(rows);
    expect(findChangedRows(rows, before.slice(), before, 10)).toEqual([]);
    const after = before.slice();
    after[16 * 10] = 1;
    after[64 * 10 - 1] = 1;
    expect(findChangedRows(rows, after, before, 10)).toEqual([rows[1], rows.at(-1)]);
  });

  test('sides are even, and no larger than encoders bear', () => {
    expect(encodedSize({ width: 1281, height: 721 }, 1)).toEqual({ width: 1280, height: 720 });
    expect(encodedSize({ width: 1280, height: 720 }, 1.5)).toEqual({ width: 852, height: 480 });
    expect(encodedSize({ width: 1, height: 1 }, 4)).toEqual({ width: 2, height: 2 });
    const { width, height } = encodedSize({ width: 7680, height: 4320 }, 1);
    expect(h264CodecOf(width, height, 30)).toBe('avc1.42e034');
    expect(h264CodecOf(1280, 720, 30)).toBe('avc1.42e01f');
    expect(h264CodecOf(1920, 1080, 60)).toBe('avc1.42e02a');
    expect(h264CodecOf(9000, 5000, 30)).toBeNull();
  });

  test('capture times follow the piece that came fastest, and a clock that drifts', () => {
    const clock = new CaptureClock();
    clock.note(0, 1_000_050);
    clock.note(33_000, 1_033_010);
    clock.note(66_000, 1_066_900);
    expect(clock.capturedAtUs(66_000)).toBe(1_066_013);
    for (let turn = 0; turn < 1_000; turn++) clock.note(turn * 1e6, 1_000_200 + turn * 1e6);
    expect(clock.capturedAtUs(0)).toBe(1_000_200);
  });
});
