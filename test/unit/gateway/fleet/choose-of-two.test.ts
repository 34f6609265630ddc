import { describe, expect, test } from 'vitest';
import { chooseOfTwo } from '../../../../gateway/rooms/fleet/choose-of-two.ts';
import { isFull, strainOf, NO_LIMITS } from '../../../../gateway/rooms/fleet/node-load.ts';

const node = (strain: number, sessions = 0) => ({ strain, sessions });
const draws = (...values: number[]) => {
  const left = [...values];
  return () => left.shift() ?? 0;
};

describe('[NODE-07] the choice of two', () => {
  test('takes the freer one, whichever was drawn first', () => {
    const [busy, free] = [node(0.8), node(0.2)];
    expect(chooseOfTwo([busy, free], draws(0, 0))).toBe(free);
    expect(chooseOfTwo([busy, free], draws(0.99, 0))).toBe(free);
  });

  test('is between the two that were drawn, not the freest of all', () => {
    const [busy, busier, idle] = [node(0.5), node(0.6), node(0)];
    expect(chooseOfTwo([busy, busier, idle], draws(0, 0))).toBe(busy);
    expect(chooseOfTwo([busy, busier, idle], draws(0.99, 0.99))).toBe(idle);
  });

  test('never draws the same one twice', () => {
    const three = [node(0.9), node(0.9), node(0.1)];
    for (const first of [0, 0.4, 0.99]) {
      for (const second of [0, 0.5, 0.99]) {
        const drawn = chooseOfTwo(three, draws(first, second));
        expect(three).toContain(drawn);
      }
    }
    expect(chooseOfTwo([node(1), node(0.1)], draws(0.99, 0.99))).toEqual(node(0.1));
  });

  test('goes by sessions where the strain is about the same', () => {
    const [noisy, quiet] = [node(0.22, 1), node(0.24, 0)];
    expect(chooseOfTwo([noisy, quiet], draws(0, 0))).toBe(quiet);
  });

  test('of one is that one, of none nothing', () => {
    expect(chooseOfTwo([node(1)], () => 0.5)).toEqual(node(1));
    const none: ReturnType<typeof node>[] = [];
    expect(chooseOfTwo(none, () => 0.5)).toBeUndefined();
  });

  test('spreads a thousand sources evenly, without running to one of them', () => {
    const nodes = Array.from({ length: 8 }, () => ({ strain: 0, sessions: 0 }));
    let seed = 1;
    const random = () => {
      seed = (seed * 16_807) % 2_147_483_647;
      return seed / 2_147_483_647;
    };
    for (let count = 0; count < 1000; count += 1) {
      const chosen = chooseOfTwo(nodes, random);
      if (chosen === undefined) throw new Error('nothing was chosen');
      chosen.sessions += 1;
      chosen.strain = chosen.sessions / 500;
    }
    const counts = nodes.map(({ sessions }) => sessions);
    expect(Math.max(...counts) - Math.min(...counts)).toBeLessThan(40);
  });
});

describe('[NODE-08] a node', () => {
  const load = { sessions: 100, cpuShare: 0.4, bitrate: 30_000_000 };

  test('is as strained as what it has least of', () => {
    expect(strainOf(load, NO_LIMITS)).toBeCloseTo(0.4);
    expect(strainOf(load, { ...NO_LIMITS, sessions: 125 })).toBeCloseTo(0.8);
    expect(strainOf(load, { ...NO_LIMITS, bitrate: 20_000_000 })).toBeCloseTo(1.5);
  });

  test('is full when any of its limits is reached, and never without one', () => {
    expect(isFull(load, NO_LIMITS)).toBe(false);
    expect(isFull({ sessions: 9999, cpuShare: 2, bitrate: 1e12 }, NO_LIMITS)).toBe(false);
    expect(isFull(load, { ...NO_LIMITS, sessions: 101 })).toBe(false);
    expect(isFull(load, { ...NO_LIMITS, sessions: 100 })).toBe(true);
    expect(isFull(load, { ...NO_LIMITS, cpuShare: 0.4 })).toBe(true);
    expect(isFull(load, { ...NO_LIMITS, bitrate: 1 })).toBe(true);
  });
});
