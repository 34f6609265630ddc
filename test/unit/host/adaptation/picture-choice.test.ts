import { describe, expect, it } from 'vitest';
import { makeLadder } from '../../../../host-publisher/adaptation/ladder.ts';
import {
  firstChoice,
  nextChoice,
  type PictureChoice,
} from '../../../../host-publisher/adaptation/picture-choice.ts';

const MOST = { width: 1280, height: 720, fps: 30, bitrateKbps: 2500 };
/** Needs 1051, 682, 371, 241, 197, 171, 93. */
const LADDER = makeLadder(MOST, 'motion', { fps: null, size: null });
/** The choices of each quarter of a second at these rates. */
const run = (rates: readonly number[], start: PictureChoice, fromMs = 0, easing = 0) =>
  rates.reduce<PictureChoice[]>((choices, kbps, at) => {
    const former = choices.at(-1) ?? start;
    return [...choices, nextChoice(former, LADDER, kbps, easing, fromMs + at * 250)];
  }, []);
const rungs = (choices: readonly PictureChoice[]): number[] => choices.map(({ rung }) => rung);
const times = (count: number, kbps: number): number[] => Array.from({ length: count }, () => kbps);

describe('the choice of the picture', () => {
  it('goes down after a second below the need, at once far below it', () => {
    expect(rungs(run(times(5, 1000), firstChoice(0)))).toEqual([0, 0, 0, 0, 1]);
    expect(rungs(run([1000, 1000, 1100, 1000, 1000], firstChoice(0)))).toEqual([0, 0, 0, 0, 0]);
    expect(rungs(run([300], firstChoice(0)))).toEqual([3]);
  });

  it('goes up after four seconds with 35 % more than the need, as far as that is enough', () => {
    expect(rungs(run(times(40, 1.3 * 1051), firstChoice(1))).at(-1)).toBe(1);
    const up = rungs(run(times(17, 1.4 * 1051), firstChoice(4)));
    expect(up.slice(0, 16)).toEqual(times(16, 4));
    expect(up[16]).toBe(0);
  });

  it('waits twice as long after each step up that did not last', () => {
    const waits: number[] = [];
    let [choice, nowMs] = [firstChoice(1), 0];
    while (waits.length < 6) {
      const fromMs = nowMs;
      while (choice.rung === 1) choice = nextChoice(choice, LADDER, 2000, 0, (nowMs += 250));
      waits.push((nowMs - fromMs - 250) / 1000);
      choice = nextChoice(choice, LADDER, 700, 0, (nowMs += 250));
    }
    expect(waits).toEqual([4, 8, 16, 32, 60, 60]);
  });

  it('is as easy as the decoders need, at once', () => {
    expect(rungs(run([2500, 2500], firstChoice(0), 0, 2))).toEqual([2, 2]);
    expect(rungs(run(times(60, 2500), firstChoice(3), 0, 2)).at(-1)).toBe(2);
    expect(rungs(run([300], firstChoice(0), 0, 2))).toEqual([3]);
  });
});
