import { describe, expect, it } from 'vitest';
import { SILENCE_MS } from '../../../../gateway/protocol/control-terms.ts';
import type { InputEvent } from '../../../../gateway/protocol/input.ts';
import { HeldInput } from '../../../../host-publisher/input/held-input.ts';
import { NOTCH } from '../../../../host-publisher/input/injection.ts';
import { aFrame, allIn, aMotion, NOTHING_HELD } from '../../../support/host/a-frame.ts';

const A = { code: 'KeyA', keysym: 0x61 };
const SHIFT = { code: 'ShiftLeft', keysym: 0xffe1 };
const key = (down: boolean): InputEvent => ({ type: 'key', ...A, down });
const text = (letters: string): InputEvent => ({ type: 'text', text: letters });
const PAD = { id: 0, buttons: 1, triggers: [0, 0.5], axes: [0, 0, 0, -1] } as const;
const pad = { ...PAD, triggers: [0, 0.5] as [number, number], axes: [...PAD.axes] };

function begun(): HeldInput {
  const input = new HeldInput();
  input.lease(allIn(1));
  return input;
}

describe('what is held', () => {
  it('[INPUT-01] presses and releases a key that was tapped within a frame', () => {
    expect(begun().take(aFrame({ events: [key(true), key(false)] }), 0)).toEqual([
      { type: 'key', ...A, down: true },
      { type: 'key', ...A, down: false },
    ]);
  });

  it('[INPUT-02] makes up for a lost frame by the next one', () => {
    const input = begun();
    expect(
      input.take(aFrame({ sequence: 5, held: { ...NOTHING_HELD, keys: [A], buttons: 2 } }), 0),
    ).toEqual([
      { type: 'button', button: 2, down: true },
      { type: 'key', ...A, down: true },
    ]);
    expect(input.take(aFrame({ sequence: 9 }), 1)).toEqual([
      { type: 'button', button: 2, down: false },
      { type: 'key', ...A, down: false },
    ]);
  });

  it('[INPUT-03] drops frames of another epoch, and older or doubled ones', () => {
    const input = begun();
    input.take(aFrame({ sequence: 3 }), 0);
    const late = aFrame({ held: { ...NOTHING_HELD, keys: [A] }, events: [key(true)] });
    for (const wrong of [
      { ...late, sequence: 3 },
      { ...late, sequence: 2 },
      { ...late, sequence: 4, epoch: 0 },
      { ...late, sequence: 4, epoch: 2 },
      aMotion({ sequence: 3, pointer: { x: 1, y: 1 } }),
    ]) {
      expect(input.take(wrong, 1)).toBeNull();
    }
    expect(input.isHolding).toBe(false);
  });

  it('[INPUT-04] lets go of everything with a new epoch, the last key first', () => {
    const input = begun();
    input.take(aFrame({ held: { ...NOTHING_HELD, keys: [SHIFT, A] } }), 0);
    expect(input.lease(allIn(2))).toEqual([
      { type: 'key', ...A, down: false },
      { type: 'key', ...SHIFT, down: false },
    ]);
    expect(input.lease(allIn(2))).toEqual([]);
  });

  it('[INPUT-05] lets go after a silence, and never while the sender is heard', () => {
    const input = begun();
    for (let sequence = 0; sequence < 6_000; sequence += 1) {
      input.take(aFrame({ sequence, held: { ...NOTHING_HELD, buttons: 1 } }), sequence * 100);
      expect(input.check(sequence * 100 + 99)).toEqual([]);
    }
    const last = 5_999 * 100;
    expect(input.check(last + SILENCE_MS - 1)).toEqual([]);
    expect(input.check(last + SILENCE_MS)).toEqual([{ type: 'button', button: 0, down: false }]);
  });

  it('[INPUT-06] loses no part of a pixel or a notch', () => {
    const input = begun();
    const steps = [0.4, 0.8, 1.2, 1.6, 2.0, -0.5].flatMap(
      (x, sequence) =>
        input.take(aFrame({ sequence, travel: { x, y: 0 }, wheel: { x: 0, y: -x } }), 0) ?? [],
    );
    const sum = (type: 'travel' | 'wheel', axis: 'x' | 'y'): number =>
      steps.reduce((all, act) => (act.type === type ? all + act[axis] : all), 0);
    expect(sum('travel', 'x')).toBe(0);
    expect(sum('wheel', 'y')).toBe(0.5 * NOTCH);
    expect(steps).toContainEqual({ type: 'travel', x: 1, y: 0 });
  });

  it('[INPUT-08] takes motion that overtakes, and a click that it overtook where it was made', () => {
    const input = begun();
    expect(input.take(aMotion({ sequence: 2, pointer: { x: 0.9, y: 0.9 } }), 0)).toEqual([
      { type: 'move', x: 0.9, y: 0.9 },
    ]);
    expect(input.take(aMotion({ sequence: 1, pointer: { x: 0.5, y: 0.5 } }), 0)).toBeNull();
    const click = [true, false].map((down) => ({ type: 'button' as const, button: 0, down }));
    expect(
      input.take(aFrame({ sequence: 0, pointer: { x: 0.1, y: 0.1 }, events: click }), 0),
    ).toEqual([
      { type: 'move', x: 0.1, y: 0.1 },
      { type: 'button', button: 0, down: true },
      { type: 'button', button: 0, down: false },
      { type: 'move', x: 0.9, y: 0.9 },
    ]);
    expect(
      input.take(aFrame({ sequence: 3, pointer: { x: 0.9, y: 0.9 }, eventsBefore: 2 }), 0),
    ).toEqual([]);
  });

  it('[INPUT-09] takes each event once, though it is sent again', () => {
    const input = begun();
    input.take(aFrame({ events: [text('a'), text('b')] }), 0);
    expect(
      input.take(aFrame({ sequence: 1, eventsBefore: 1, events: [text('b'), text('c')] }), 0),
    ).toEqual([text('c')]);
    expect(input.eventsOf(1)).toBe(3);
    expect(input.take(aFrame({ sequence: 2, events: [text('a')] }), 0)).toEqual([]);
    expect(input.take(aFrame({ sequence: 3, eventsBefore: 7, events: [text('h')] }), 0)).toEqual([
      text('h'),
    ]);
    expect(input.eventsOf(1)).toBe(8);
  });

  it('[INPUT-10] applies of a frame what is of the devices of its epoch, and no more', () => {
    const input = new HeldInput();
    input.lease({ pointer: 7, keyboard: 8, gamepad: null });
    const all = aFrame({
      epoch: 7,
      pointer: { x: 0.5, y: 0.5 },
      held: { keys: [A], buttons: 1, touches: [], gamepads: [pad] },
      events: [text('x')],
    });
    expect(input.take(all, 0)).toEqual([
      { type: 'move', x: 0.5, y: 0.5 },
      { type: 'button', button: 0, down: true },
    ]);
    expect(input.take({ ...all, epoch: 8 }, 0)).toEqual([
      text('x'),
      { type: 'key', ...A, down: true },
    ]);
    expect(input.lease({ pointer: 9, keyboard: 8, gamepad: null })).toEqual([
      { type: 'button', button: 0, down: false },
    ]);
    expect(input.lease({ pointer: 9, keyboard: null, gamepad: null })).toEqual([
      { type: 'key', ...A, down: false },
    ]);
  });

  it('[INPUT-11] gives no device to an older epoch, until the gateway is another one', () => {
    const input = begun();
    input.lease(allIn(5));
    input.lease(allIn(4));
    const held = aFrame({ epoch: 4, held: { ...NOTHING_HELD, buttons: 1 } });
    expect(input.take(held, 0)).toBeNull();
    expect(input.leased).toEqual([]);
    input.lease(allIn(5));
    expect(input.leased).toHaveLength(3);
    input.disconnect();
    input.lease(allIn(4));
    expect(input.take(held, 0)).toEqual([{ type: 'button', button: 0, down: true }]);
  });

  it('[INPUT-12] lets a gamepad rest that is not told of, and when its holder has gone', () => {
    const input = begun();
    const rest = { type: 'gamepad', id: 0, buttons: 0, triggers: [0, 0], axes: [0, 0, 0, 0] };
    const moved = { ...NOTHING_HELD, gamepads: [pad] };
    expect(input.take(aFrame({ held: moved }), 0)).toEqual([{ type: 'gamepad', ...pad }]);
    expect(input.take(aFrame({ sequence: 1, held: moved }), 0)).toEqual([]);
    expect(input.take(aFrame({ sequence: 2 }), 0)).toEqual([rest]);
    input.take(aFrame({ sequence: 3, held: moved }), 0);
    expect(input.disconnect()).toEqual([rest]);
    expect(input.isHolding).toBe(false);
  });

  it('[INPUT-13] presses again on another machine what is still held', () => {
    const input = begun();
    const held = { ...NOTHING_HELD, keys: [SHIFT] };
    input.take(aFrame({ held }), 0);
    input.forget();
    expect(input.take(aFrame({ sequence: 1, held }), 0)).toEqual([
      { type: 'key', ...SHIFT, down: true },
    ]);
  });
});
