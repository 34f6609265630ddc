import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { InputApplied } from '../../../../gateway/protocol/input.ts';
import { AppliedReport } from '../../../../host-publisher/input/applied-report.ts';

const applied = (sequence: number, epoch = 1): InputApplied => ({
  type: 'input/applied',
  epoch,
  sequence,
  at: 0,
  events: 0,
  tookUs: 1,
});

describe('what is told of applied frames', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('[INPUT-17] is the first at once, then the newest, 60 times a second of each epoch', () => {
    const told: InputApplied[] = [];
    const report = new AppliedReport((message) => told.push(message));
    report.tell(applied(0));
    report.tell(applied(0, 2));
    expect(told).toEqual([applied(0), applied(0, 2)]);
    for (let sequence = 1; sequence <= 1_000; sequence += 1) {
      report.tell(applied(sequence));
      vi.advanceTimersByTime(1);
    }
    vi.advanceTimersByTime(100);
    expect(told.length).toBeLessThanOrEqual(62);
    expect(told.at(-1)?.sequence).toBe(1_000);
    report.tell(applied(1_001));
    expect(told.at(-1)?.sequence).toBe(1_001);
    report.close();
  });
});
