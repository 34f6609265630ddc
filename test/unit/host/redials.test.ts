import { expect, it } from 'vitest';
import { Redials } from '../../../host-publisher/gateway/redials.ts';

const LARGEST = (): number => 1;

it('waits twice as long after each failure, up to 10 s', () => {
  const redials = new Redials(LARGEST);
  const waits = Array.from({ length: 8 }, () => redials.waitMs(0));
  expect(waits).toEqual([250, 500, 1_000, 2_000, 4_000, 8_000, 10_000, 10_000]);
});

it('waits as long as a gateway asks and a fifth at most, however often it does', () => {
  const redials = new Redials(LARGEST);
  for (let time = 0; time < 5; time += 1) expect(redials.waitMs(1_000)).toBe(1_200);
  expect(redials.waitMs(0)).toBe(250);
  expect(new Redials(() => 0).waitMs(1_000)).toBe(1_000);
});

it('begins anew after a connection of two seconds: gateways are lost one after the other', () => {
  const redials = new Redials(LARGEST);
  for (const expected of [250, 500, 1_000]) {
    expect(redials.waitMs(0)).toBe(expected);
    redials.ended(1_900);
  }
  redials.ended(2_000);
  expect(redials.waitMs(0)).toBe(250);
});
