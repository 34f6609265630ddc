import { describe, expect, test } from 'vitest';
import { newsOf, timeLeft } from '../../../../web/watch/control/control-news.ts';
import { endWords, statusWords } from '../../../../web/watch/control/control-words.ts';
import { aControlState, aHolder, aPerson, aReading, heldBy, queueOf } from './a-control.ts';

const locked = { policy: { ...aControlState().policy, mode: 'locked' as const } };

describe('statusWords', () => {
  test.each([
    [aReading(null), ''],
    [aReading({ devices: [] }), ''],
    [aReading(), 'Nobody is in control'],
    [aReading(heldBy('ben')), 'You are in control'],
    [aReading(heldBy('anna', { absent: true })), 'anna is in control, away for a moment'],
    [aReading({ ...heldBy('anna'), ...queueOf('carl') }), 'anna is in control · 1 waits'],
    [aReading({ ...heldBy('anna'), ...queueOf('ben', 'x') }), 'anna is in control · You are next'],
    [
      aReading({ ...heldBy('anna'), ...queueOf('carl', 'ben') }),
      'anna is in control · You are number 2 of 2',
    ],
    [aReading(locked), 'Nobody is in control · Locked by the owner'],
    [aReading({}, 'watcher'), 'Nobody is in control'],
  ])('%#: %j', (reading, words) => {
    expect(statusWords(reading)).toBe(words);
  });

  test('names the devices where control is split', () => {
    const holders = { pointer: aHolder('ben'), keyboard: aHolder('anna'), gamepad: null };
    expect(statusWords(aReading({ holders }))).toBe(
      'You are in control (pointer) · anna is in control (keyboard)',
    );
  });
});

describe('newsOf', () => {
  const free = aReading();
  test.each([
    ['the first word is no news', aReading(null), aReading(heldBy('anna')), null],
    ['nothing changed', aReading(heldBy('anna')), aReading(heldBy('anna')), null],
    ['mine', free, aReading(heldBy('ben')), 'You have control now.'],
    [
      'from one to another',
      aReading(heldBy('ben')),
      aReading(heldBy('anna')),
      'anna has control now.',
    ],
    ['free again', aReading(heldBy('anna')), free, 'Nobody has control now.'],
    [
      'next',
      aReading({ ...heldBy('anna'), ...queueOf('carl', 'ben') }),
      aReading({ ...heldBy('anna'), ...queueOf('ben') }),
      'You are next.',
    ],
    ['locked', free, aReading(locked), 'Nobody is in control · Locked by the owner.'],
    ['a hand', free, aReading({ hands: [aPerson('anna')] }), 'anna raised a hand.'],
    ['my own hand', free, aReading({ hands: [aPerson('ben')] }), null],
  ])('%s', (_what, before, after, news) => {
    expect(newsOf(before, after)).toBe(news);
  });
});

test('what is left of a slot', () => {
  expect(timeLeft({ endsAtMs: null }, 0)).toBeNull();
  expect(timeLeft({ endsAtMs: 65_001 }, 0)).toBe('1:06');
  expect(timeLeft({ endsAtMs: 4_000 }, 9_000)).toBe('0:00');
});

test('who lost control is told why, and by whom', () => {
  expect(endWords({ why: 'taken', by: 'Anna' })).toBe('Anna took control from you.');
  expect(endWords({ why: 'taken' })).toBe('Control was taken from you.');
  expect(endWords({ why: 'slot' })).toBe('Your time is up: somebody else is next.');
});
