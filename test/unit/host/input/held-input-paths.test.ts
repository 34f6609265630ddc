import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HeldInput } from '../../../../host-publisher/input/held-input.ts';
import { aFrame, allIn } from '../../../support/host/a-frame.ts';
import {
  anyHeld,
  anySteps,
  arrivals,
  framesOf,
  Machine,
  namesOf,
  textsOf,
} from '../../../support/host/input-path.ts';
import { runs } from '../../../support/fuzz/runs.ts';

const begun = (): HeldInput => {
  const input = new HeldInput();
  input.lease(allIn(1));
  return input;
};

const isSubsequence = (part: readonly string[], whole: readonly string[]): boolean => {
  let at = 0;
  for (const each of whole) if (each === part[at]) at += 1;
  return at === part.length;
};

describe('any path', () => {
  it('[INPUT-07] leaves down exactly what the newest frame holds, whatever was lost, late or doubled', () => {
    fc.assert(
      fc.property(anySteps, anyHeld, (steps, last) => {
        const input = begun();
        const machine = new Machine();
        const frames = framesOf(steps);
        for (const frame of arrivals(frames, steps, false)) machine.apply(input.take(frame, 0));
        const pointer = { x: 0.3, y: 0.7 };
        const newest = { sequence: steps.length, held: last, travel: { x: 77, y: 0 } };
        machine.apply(input.take(aFrame({ ...newest, pointer, eventsBefore: 999 }), 0));
        for (const frame of frames) machine.apply(input.take(frame, 0));
        expect([...machine.down].sort()).toEqual([...namesOf(last)].sort());
        expect(machine.contradictions).toEqual([]);
        expect(machine.travelled).toBe(77);
        machine.apply(input.lease(allIn(2)));
        expect(machine.down.size).toBe(0);
      }),
      runs(2_000),
    );
  });

  it('[INPUT-14] takes no event twice, and each of them where the reliable way lost nothing', () => {
    fc.assert(
      fc.property(anySteps, fc.boolean(), (steps, isReliable) => {
        const input = begun();
        const machine = new Machine();
        const frames = framesOf(steps);
        for (const frame of arrivals(frames, steps, isReliable)) {
          machine.apply(input.take(frame, 0));
        }
        const sent = textsOf(frames);
        if (isReliable) expect(machine.texts).toEqual(sent);
        else expect(isSubsequence(machine.texts, sent)).toBe(true);
      }),
      runs(2_000),
    );
  });

  it('[INPUT-15] has the pointer where the newest frame that came has it, whatever overtook what', () => {
    fc.assert(
      fc.property(anySteps, (steps) => {
        const input = begun();
        const machine = new Machine();
        const came = arrivals(framesOf(steps), steps, false);
        for (const frame of came) delete frame.travel;
        let newest = -1;
        for (const frame of came) {
          machine.apply(input.take(frame, 0));
          newest = Math.max(newest, frame.sequence);
          const expected = came.find(({ sequence }) => sequence === newest)?.pointer;
          expect(machine.place).toEqual(expected);
        }
      }),
      runs(2_000),
    );
  });

  it('[INPUT-16] applies nothing of an epoch that is over, whenever hands change', () => {
    const anyHands = fc.array(fc.record({ steps: anySteps, handAt: fc.nat(40) }), {
      minLength: 2,
      maxLength: 4,
    });
    fc.assert(
      fc.property(anyHands, (hands) => {
        const input = new HeldInput();
        const machine = new Machine();
        const late: ReturnType<typeof framesOf>[number][] = [];
        hands.forEach(({ steps, handAt }, index) => {
          const epoch = index + 1;
          machine.apply(input.lease(allIn(epoch)));
          expect(machine.down.size).toBe(0);
          const coming = arrivals(framesOf(steps, epoch), steps, true);
          const before = machine.texts.length;
          for (const frame of [...coming.slice(0, handAt), ...late]) {
            machine.apply(input.take(frame, 0));
          }
          const texts = machine.texts.slice(before);
          expect(texts.every((text) => text.startsWith(`${epoch}.`))).toBe(true);
          late.push(...coming.slice(handAt));
        });
        machine.apply(input.disconnect());
        for (const frame of late) expect(input.take(frame, 0)).toBeNull();
        expect(machine.down.size).toBe(0);
        expect(machine.contradictions).toEqual([]);
      }),
      runs(1_000),
    );
  });
});
