import { describe, expect, test } from 'vitest';
import type { Rank } from '../../../../gateway/protocol/control.ts';
import { actionOf, clickPrompt } from '../../../../web/watch/control/control-action.ts';
import { peopleRows, personWords } from '../../../../web/watch/control/people.ts';
import { aControlState, aPerson, aReading, heldBy, idOf, queueOf } from './a-control.ts';

const present = (name: string, rank: Rank = 'viewer') => ({ ...aPerson(name), rank });

test('who drives comes first, then who waits, then hands, then the rest by name', () => {
  const state = aControlState({
    ...heldBy('dora'),
    ...queueOf('carl', 'anna'),
    hands: [aPerson('zoe')],
  });
  const rows = peopleRows(
    state,
    [present('bert', 'watcher'), present('anna'), present('adam', 'owner'), present('dora')],
    idOf('anna'),
  );
  expect(rows.map((row) => [row.name, personWords(row), row.isSelf])).toEqual([
    ['dora', 'in control', false],
    ['carl', 'waits, number 1', false],
    ['anna', 'waits, number 2', true],
    ['zoe', 'hand raised', false],
    ['adam', 'owner', false],
    ['bert', 'watches only', false],
  ]);
});

describe('the main button and a click into the picture', () => {
  test.each([
    ['free', aReading(), 'Take control', 'Click again to take control'],
    ['taken', aReading(heldBy('anna')), 'Ask for control', 'Click again to ask for control'],
    [
      'taken, an owner',
      aReading(heldBy('anna'), 'owner'),
      'Take control',
      'Click again to take control from who has it',
    ],
    ['waiting', aReading({ ...heldBy('anna'), ...queueOf('ben') }), 'Leave the queue', null],
    ['driving', aReading(heldBy('ben')), 'Release control', null],
    ['a watcher', aReading({}, 'watcher'), undefined, null],
    ['nothing to control', aReading({ devices: [] }), undefined, null],
  ])('%s', (_what, reading, label, prompt) => {
    expect(actionOf(reading)?.label).toBe(label);
    expect(clickPrompt(reading)).toBe(prompt);
  });
});
