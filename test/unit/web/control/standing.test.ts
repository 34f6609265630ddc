import { describe, expect, test } from 'vitest';
import { driversOf, standingOf } from '../../../../web/watch/control/standing.ts';
import { aControlState, aHolder, aReading, heldBy, idOf, queueOf } from './a-control.ts';

const policy = aControlState().policy;

describe('standingOf', () => {
  test('nothing is known, or nothing can be controlled', () => {
    expect(standingOf(aReading(null))).toEqual({ kind: 'none' });
    expect(standingOf({ ...aReading(), self: null })).toEqual({ kind: 'none' });
    expect(standingOf(aReading({ devices: [] }))).toEqual({ kind: 'none' });
  });

  test('free, taken, waiting, driving', () => {
    expect(standingOf(aReading())).toEqual({ kind: 'free' });
    expect(standingOf(aReading(heldBy('anna')))).toEqual({ kind: 'taken' });
    expect(standingOf(aReading(queueOf('anna')))).toEqual({ kind: 'taken' });
    const waits = aReading({ ...heldBy('anna'), ...queueOf('carl', 'ben') });
    expect(standingOf(waits)).toEqual({ kind: 'waiting', place: 2 });
    expect(standingOf(aReading(heldBy('ben', { leftMs: 30_000 }), 'viewer', 1_000))).toEqual({
      kind: 'driving',
      driver: {
        ...{ viewer: idOf('ben'), name: 'ben', absent: false, endsAtMs: 31_000 },
        devices: ['pointer', 'keyboard', 'gamepad'],
      },
    });
  });

  test('who may not ask, and why', () => {
    expect(standingOf(aReading({}, 'watcher'))).toEqual({ kind: 'barred', why: 'no-right' });
    const viewOnly = { policy: { ...policy, mode: 'view-only' as const } };
    expect(standingOf(aReading(viewOnly, 'owner'))).toEqual({ kind: 'barred', why: 'view-only' });
    const locked = { policy: { ...policy, mode: 'locked' as const } };
    expect(standingOf(aReading(locked))).toEqual({ kind: 'barred', why: 'locked' });
    expect(standingOf(aReading(locked, 'owner'))).toEqual({ kind: 'free' });
  });

  test('a device that the host has not is held by nobody, and free', () => {
    const gamepad = aHolder('anna');
    const holders = { pointer: null, keyboard: null, gamepad };
    expect(standingOf(aReading({ holders })).kind).toBe('free');
  });
});

test('a driver of two devices is one, with the earlier end', () => {
  const holders = {
    pointer: aHolder('anna', { leftMs: 9_000 }),
    keyboard: aHolder('anna', { leftMs: 4_000 }),
    gamepad: aHolder('carl'),
  };
  expect(driversOf(aControlState({ holders }), 1_000)).toMatchObject([
    { name: 'anna', devices: ['pointer', 'keyboard'], endsAtMs: 5_000 },
    { name: 'carl', devices: ['gamepad'], endsAtMs: null },
  ]);
});
