import { expect, test } from 'vitest';
import { overdue } from '../../../../gateway/recordings/retention.ts';
import { aRecording } from '../../../support/recording/a-recording.ts';

const DAY = 24 * 3600 * 1000;
const NOW = 100 * DAY;
const part = aRecording().parts[0];
const ended = (endedAt: number | null, bytes: number, more: object = {}) =>
  aRecording({ endedAt, parts: [{ ...part, bytes }], ...more });

test('[REC-22] what ended longer ago than the days goes, to the millisecond; without a limit nothing', () => {
  const [old, young] = [ended(NOW - 2 * DAY - 1, 10), ended(NOW - 2 * DAY, 10)];
  const gone = overdue([young, old], { maxDays: 2, maxBytes: 0 }, NOW);
  expect(gone).toEqual([{ recording: old, why: 'Older than 2 days.' }]);
  expect(overdue([young, old], { maxDays: 0, maxBytes: 0 }, NOW)).toEqual([]);
});

test('[REC-22] of too much the oldest go, failed ones as well, until the rest fits', () => {
  const first = ended(NOW - 3, 40, { state: 'failed' });
  const [second, third] = [ended(NOW - 2, 30), ended(NOW - 1, 30)];
  const goes = (maxBytes: number) =>
    overdue([third, first, second], { maxDays: 0, maxBytes }, NOW).map(
      ({ recording }) => recording,
    );
  expect(goes(100)).toEqual([]);
  expect(goes(99)).toEqual([first]);
  expect(goes(60)).toEqual([first]);
  expect(goes(59)).toEqual([first, second]);
  expect(goes(1)).toEqual([first, second, third]);
});

test('[REC-22] what runs, or is being made playable, stays, but takes its space', () => {
  const running = ended(null, 90, { state: 'recording' });
  const processing = ended(NOW - 9 * DAY, 5, { state: 'processing' });
  const done = ended(NOW - 1, 10);
  const gone = overdue([running, processing, done], { maxDays: 1, maxBytes: 100 }, NOW);
  expect(gone).toEqual([{ recording: done, why: 'Space for newer ones.' }]);
});
