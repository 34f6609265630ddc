import { describe, expect, it } from 'vitest';
import { Timeline } from '../../../host-publisher/media/file/timeline.ts';

const ms = (value: number): bigint => BigInt(value) * 1_000_000n;
const at = (timeMs: number, durationMs = 40) => ({
  timeNs: ms(timeMs),
  durationNs: ms(durationMs),
});

describe('the timeline of a file', () => {
  it('begins a moment after now, whatever time the file begins with', () => {
    const timeline = new Timeline(25);
    expect(timeline.due(at(5_000), ms(700))).toBe(ms(760));
    expect(timeline.due(at(5_040), ms(700))).toBe(ms(800));
  });

  it('takes nothing that is due later than 400 ms, or more than sixteen frames', () => {
    expect(new Timeline(25).due(at(0), 0n)).toBe(ms(60));
    const slow = new Timeline(25);
    slow.due(at(0), 0n);
    expect(slow.due(at(340), 0n)).toBe(ms(400));
    expect(slow.due(at(341), 0n)).toBeNull();
    const fast = new Timeline(100);
    fast.due(at(0), 0n);
    expect(fast.due(at(101), 0n)).toBeNull();
  });

  it('begins each turn where the longest track has ended', () => {
    const timeline = new Timeline(25);
    timeline.due(at(0), 0n);
    timeline.due(at(80), 0n);
    timeline.due(at(100, 33), 0n);
    timeline.turn();
    expect(timeline.due(at(0), 0n)).toBe(ms(60 + 133));
  });

  it('moves picture and sound together when decoding falls behind', () => {
    const timeline = new Timeline(25);
    timeline.due(at(0), 0n);
    expect(timeline.due(at(40), ms(550))).toBe(ms(100));
    expect(timeline.due(at(80), ms(2_000))).toBe(ms(2_000));
    expect(timeline.due(at(120), ms(2_000))).toBe(ms(2_040));
  });

  it('is over when the last frame has been shown', () => {
    const timeline = new Timeline(25);
    timeline.due(at(0), 0n);
    expect(timeline.isOver(ms(99))).toBe(false);
    expect(timeline.isOver(ms(100))).toBe(true);
  });
});
