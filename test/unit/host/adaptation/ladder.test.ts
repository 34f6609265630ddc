import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { makeLadder } from '../../../../host-publisher/adaptation/ladder.ts';

const MOST = { width: 1280, height: 720, fps: 30, bitrateKbps: 2500 };
const FREE = { fps: null, size: null };
const show = (rungs: ReturnType<typeof makeLadder>): string[] =>
  rungs.map(
    ({ width, height, fps, needKbps }) => `${width}x${height}@${fps} ${needKbps.toFixed()}`,
  );

describe('the ladder', () => {
  it('of motion gives size first, then frames', () => {
    expect(show(makeLadder(MOST, 'motion', FREE))).toEqual([
      '1280x720@30 1051',
      '960x540@30 682',
      '640x360@30 371',
      '480x270@30 241',
      '480x270@20 197',
      '480x270@15 171',
      '320x180@15 93',
    ]);
  });

  it('of text gives frames first, and its size last', () => {
    expect(show(makeLadder(MOST, 'text', FREE))).toEqual([
      '1280x720@30 1051',
      '1280x720@20 858',
      '1280x720@15 743',
      '1280x720@10 607',
      '1280x720@8 543',
      '1280x720@5 429',
      '960x540@5 279',
      '640x360@5 152',
    ]);
  });

  it('has one rung less for what is fixed', () => {
    const size = { width: 800, height: 450 };
    expect(show(makeLadder(MOST, 'motion', { fps: null, size }))).toEqual([
      '800x450@30 519',
      '800x450@20 424',
      '800x450@15 367',
    ]);
    expect(makeLadder(MOST, 'text', { fps: 12, size: null }).map(({ fps }) => fps)).toEqual([
      12, 12, 12,
    ]);
    expect(makeLadder(MOST, 'text', { fps: 12, size })).toHaveLength(1);
  });

  it('begins at the maximum, however small, and needs at most 60 % of its bitrate', () => {
    const tiny = { width: 64, height: 64, fps: 1, bitrateKbps: 100 };
    expect(show(makeLadder(tiny, 'motion', FREE))).toEqual(['64x64@1 0']);
    const [first] = makeLadder({ ...MOST, bitrateKbps: 500 }, 'motion', FREE);
    expect(first?.needKbps).toBe(300);
  });

  it('has even sizes of the same shape, each rung with less to encode than the one before', () => {
    const side = (most: number) => fc.integer({ min: 32, max: most / 2 }).map((half) => 2 * half);
    const mosts = fc.record({
      width: side(7680),
      height: side(4320),
      fps: fc.integer({ min: 1, max: 120 }),
      bitrateKbps: fc.integer({ min: 100, max: 100_000 }),
    });
    fc.assert(
      fc.property(mosts, fc.constantFrom('text' as const, 'motion' as const), (most, content) => {
        const rungs = makeLadder(most, content, FREE);
        expect(rungs[0]).toMatchObject({ width: most.width, height: most.height, fps: most.fps });
        rungs.forEach(({ width, height, fps, needKbps }, at) => {
          expect(width % 2).toBe(0);
          expect(height % 2).toBe(0);
          expect(Math.min(width, height)).toBeGreaterThanOrEqual(64);
          expect(Math.abs(height - (width * most.height) / most.width)).toBeLessThanOrEqual(1);
          expect(fps).toBeGreaterThanOrEqual(Math.min(5, most.fps));
          const former = rungs[at - 1];
          if (former === undefined) return;
          expect(needKbps).toBeLessThan(former.needKbps);
          expect(width * height * fps).toBeLessThan(former.width * former.height * former.fps);
        });
      }),
    );
  });
});
