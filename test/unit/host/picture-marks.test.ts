import { describe, expect, it } from 'vitest';
import { PictureMarks } from '../../../host-publisher/publish/picture-marks.ts';
import { rtpTimestampAt } from '../../../host-publisher/publish/rtp/rtp-clock.ts';

const aMarks = () => {
  const told: [number, number][] = [];
  return { told, marks: new PictureMarks((...one) => void told.push(one)) };
};

describe('marks', () => {
  it('are answered by the first picture that is later, once', () => {
    const { told, marks } = aMarks();
    marks.wait(7, 1000);
    marks.sent(700);
    marks.sent(1000);
    expect(told).toEqual([]);
    marks.sent(4000);
    marks.sent(4000);
    marks.sent(7000);
    expect(told).toEqual([[7, 4000]]);
  });

  it('of one picture are answered in their order; of too many the newest', () => {
    const { told, marks } = aMarks();
    for (let mark = 0; mark < 20; mark += 1) marks.wait(mark, 100);
    marks.sent(200);
    expect(told).toEqual([12, 13, 14, 15, 16, 17, 18, 19].map((mark) => [mark, 200]));
  });

  it('go on where timestamps begin anew', () => {
    const { told, marks } = aMarks();
    marks.wait(1, 0xffff_ff00);
    marks.sent(0xffff_f000);
    expect(told).toEqual([]);
    marks.sent(0x10);
    expect(told).toEqual([[1, 0x10]]);
  });
});

describe('an RTP timestamp', () => {
  it('is that of the moment in ticks from its start, and wraps', () => {
    const start = { ssrc: 1, timestampOffset: 0xffff_fff0 };
    expect(rtpTimestampAt(start, 90_000, 0n)).toBe(0xffff_fff0);
    expect(rtpTimestampAt(start, 90_000, 1_000_000_000n)).toBe(90_000 - 16);
    expect(rtpTimestampAt(start, 90_000, 11_110n)).toBe(0xffff_fff0);
    expect(rtpTimestampAt(start, 90_000, 11_112n)).toBe(0xffff_fff1);
  });
});
