import { expect, test } from 'vitest';
import { KeyPatience } from '../../../../gateway/stripes/key-patience.ts';

/** When wishes every 100 ms of so long are granted. */
function granted(patience: KeyPatience, from: number, ms: number): number[] {
  const times: number[] = [];
  for (let at = from; at < from + ms; at += 100) if (patience.take(at)) times.push(at - from);
  return times;
}

test('[MEDIA-11] a viewer’s pauses double up to 8 s, and begin anew after 30 s without a wish', () => {
  const patience = new KeyPatience();
  expect(granted(patience, 0, 24_000)).toEqual([0, 1_000, 3_000, 7_000, 15_000, 23_000]);
  expect(granted(patience, 52_000, 9_000)).toEqual([0, 8_000]);
  expect(granted(patience, 90_000, 4_000)).toEqual([0, 1_000, 3_000]);
});
