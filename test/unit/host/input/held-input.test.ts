import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SILENCE_MS } from '../../../../gateway/protocol/control-terms.ts';
import type { HeldSet, InputFrame } from '../../../../gateway/protocol/input.ts';
import { HeldInput } from '../../../../host-publisher/input/held-input.ts';
import type { Injection } from '../../../../host-publisher/input/injection.ts';
import { runs } from '../../../support/fuzz/runs.ts';

const EMPTY = { keys: [], buttons: 0, touches: [], gamepads: [] };

function frame(part: Partial<InputFrame>): InputFrame {
  return {
    type: 'input/frame',
    epoch: 1,
    sequence: 0,
    at: 0,
    held: EMPTY,
    eventsBefore: 0,
    events: [],
    ...part,
  };
}

function begun(): HeldInput {
  const input = new HeldInput();
  input.begin(1);
  return input;
}

const A = { code: 'KeyA', keysym: 0x61 };

describe('what is held', () => {
  it('[INPUT-01] presses and releases a key that was tapped within a frame', () => {
    const tap = [true, false].map((down) => ({ type: 'key' as const, ...A, down }));
    expect(begun().take(frame({ events: tap }), 0)).toEqual([
      { type: 'key', ...A, down: true },
      { type: 'key', ...A, down: false },
    ]);
  });

  it('[INPUT-02] makes up for a lost frame by the next one', () => {
    const input = begun();
    expect(
      input.take(frame({ sequence: 5, held: { ...EMPTY, keys: [A], buttons: 2 } }), 0),
    ).toEqual([
      { type: 'key', ...A, down: true },
      { type: 'button', button: 2, down: true },
    ]);
    expect(input.take(frame({ sequence: 9 }), 1)).toEqual([
      { type: 'key', ...A, down: false },
      { type: 'button', button: 2, down: false },
    ]);
  });

  it('[INPUT-03] drops frames of another epoch, and older or doubled ones', () => {
    const input = begun();
    input.take(frame({ sequence: 3 }), 0);
    const late = frame({ held: { ...EMPTY, keys: [A] } });
    for (const wrong of [
      { ...late, sequence: 3 },
      { ...late, sequence: 2 },
      { ...late, sequence: 4, epoch: 0 },
      { ...late, sequence: 4, epoch: 2 },
    ]) {
      expect(input.take(wrong, 1)).toEqual([]);
    }
    expect(input.isHolding).toBe(false);
  });

  it('[INPUT-04] lets go of everything with a new epoch, the last key first', () => {
    const input = begun();
    const shift = { code: 'ShiftLeft', keysym: 0xffe1 };
    input.take(frame({ held: { ...EMPTY, keys: [shift, A] } }), 0);
    expect(input.begin(2)).toEqual([
      { type: 'key', ...A, down: false },
      { type: 'key', ...shift, down: false },
    ]);
    expect(input.begin(2)).toEqual([]);
    expect(input.begin(1)).toEqual([]);
  });

  it('[INPUT-05] lets go after a silence, and never while the sender is heard', () => {
    const input = begun();
    for (let sequence = 0; sequence < 6_000; sequence += 1) {
      input.take(frame({ sequence, held: { ...EMPTY, buttons: 1 } }), sequence * 100);
      expect(input.check(sequence * 100 + 99)).toEqual([]);
    }
    const last = 5_999 * 100;
    expect(input.check(last + SILENCE_MS - 1)).toEqual([]);
    expect(input.check(last + SILENCE_MS)).toEqual([{ type: 'button', button: 0, down: false }]);
  });

  it('[INPUT-06] loses no part of a pixel or a notch', () => {
    const input = begun();
    const steps = [0.4, 0.8, 1.2, 1.6, 2.0, -0.5].flatMap((x, sequence) =>
      input.take(frame({ sequence, travel: { x, y: 0 }, wheel: { x: 0, y: -x } }), 0),
    );
    const sum = (type: 'travel' | 'wheel', axis: 'x' | 'y'): number =>
      steps.reduce((all, act) => (act.type === type ? all + act[axis] : all), 0);
    expect(sum('travel', 'x')).toBe(0);
    expect(sum('wheel', 'y')).toBe(0);
    expect(steps).toContainEqual({ type: 'travel', x: 1, y: 0 });
  });
});

/** The state of a machine after these acts. */
class Machine {
  readonly down = new Set<string>();
  x = 0;

  apply(acts: readonly Injection[]): void {
    for (const act of acts) {
      if (act.type === 'travel') this.x += act.x;
      if (act.type !== 'key' && act.type !== 'button' && act.type !== 'touch') continue;
      const name = nameOf(act);
      const down = act.type === 'touch' ? act.phase !== 'end' : act.down;
      if (act.type !== 'touch') expect(this.down.has(name)).toBe(!down);
      if (down) this.down.add(name);
      else this.down.delete(name);
    }
  }
}

const nameOf = (act: Extract<Injection, { type: 'key' | 'button' | 'touch' }>): string =>
  act.type === 'key' ? act.code : `${act.type} ${act.type === 'button' ? act.button : act.id}`;

const held = fc.record({
  keys: fc.uniqueArray(
    fc.record({ code: fc.constantFrom('KeyA', 'KeyB', 'ShiftLeft'), keysym: fc.nat(9) }),
    { selector: ({ code }) => code },
  ),
  buttons: fc.nat(31),
  gamepads: fc.constant<HeldSet['gamepads']>([]),
  touches: fc.uniqueArray(
    fc.record({ id: fc.nat(3), x: fc.double({ min: 0, max: 1, noNaN: true }), y: fc.constant(0) }),
    { selector: ({ id }) => id },
  ),
});
const event = fc.record({
  type: fc.constant('key' as const),
  code: fc.constantFrom('KeyA', 'KeyB', 'KeyC'),
  keysym: fc.nat(9),
  down: fc.boolean(),
});
const sent = fc.record({
  held,
  events: fc.array(event, { maxLength: 4 }),
  travel: fc.record({ x: fc.integer({ min: -50, max: 50 }), y: fc.constant(0) }),
  epoch: fc.constantFrom(1, 1, 1, 1, 1, 2, 0),
  /** What the path does: a share is lost, some come late, some twice. */
  fate: fc.constantFrom('comes', 'comes', 'lost', 'late', 'twice'),
});

describe('any path', () => {
  it('[INPUT-07] leaves down exactly what the newest frame holds, whatever was lost, late or doubled', () => {
    fc.assert(
      fc.property(fc.array(sent, { minLength: 1, maxLength: 40 }), held, (all, last) => {
        const input = begun();
        const machine = new Machine();
        const late: InputFrame[] = [];
        all.forEach(({ fate, ...part }, sequence) => {
          const next = frame({ ...part, sequence });
          if (fate === 'late') late.push(next);
          if (fate === 'comes' || fate === 'twice') machine.apply(input.take(next, 0));
          if (fate === 'twice') machine.apply(input.take(next, 0));
        });
        const newest = frame({ sequence: all.length, held: last, travel: { x: 77, y: 0 } });
        machine.apply(input.take(newest, 0));
        for (const old of late) machine.apply(input.take(old, 0));
        const expected = [
          ...last.keys.map(({ code }) => code),
          ...[1, 4, 2, 8, 16].flatMap((bit, button) =>
            (last.buttons & bit) === 0 ? [] : [`button ${button}`],
          ),
          ...last.touches.map(({ id }) => `touch ${id}`),
        ];
        expect([...machine.down].sort()).toEqual(expected.sort());
        expect(machine.x).toBe(77);
        machine.apply(input.begin(2));
        expect(machine.down.size).toBe(0);
      }),
      runs(2_000),
    );
  });
});
