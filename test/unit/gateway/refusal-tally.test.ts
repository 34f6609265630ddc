import { expect, test } from 'vitest';
import type { Refusal } from '../../../gateway/audit/refusal.ts';
import { RefusalTally } from '../../../gateway/audit/refusal-tally.ts';

const refusal = (given: Partial<Refusal> = {}): Refusal => ({
  code: 'token-missing',
  status: 401,
  method: 'POST',
  route: 'whip',
  room: 'demo',
  address: '192.0.2.1',
  subject: undefined,
  request: 'r',
  ...given,
});

/** How many of `count` refusals are told. */
const told = (tally: RefusalTally, count: number, of: (n: number) => Partial<Refusal>): number =>
  Array.from({ length: count }, (_, n) => tally.take(refusal(of(n)))).filter(Boolean).length;

test('of 50,000 from one address 20 are told, the others are counted by code', () => {
  const tally = new RefusalTally();
  const codes = ['token-missing', 'rate-limited'] as const;
  expect(told(tally, 50_000, (n) => ({ code: codes[n % 2] ?? 'internal' }))).toBe(20);
  expect(tally.drain()).toEqual([
    {
      address: '192.0.2.1',
      count: 49_980,
      codes: { 'token-missing': 24_990, 'rate-limited': 24_990 },
    },
  ]);
});

test('another address is told all the same; an IPv6 network is one address', () => {
  const tally = new RefusalTally();
  expect(told(tally, 100, (n) => ({ address: `2001:db8::${n.toString(16)}` }))).toBe(20);
  expect(tally.take(refusal({ address: '192.0.2.9' }))).toBe(true);
  expect(tally.drain()).toMatchObject([{ address: '2001:db8:0:0::/64', count: 80 }]);
});

test('of 50,000 addresses 1,000 refusals are told, and 201 counts hold the others', () => {
  const tally = new RefusalTally();
  const address = (n: number): string => `10.${n >> 16}.${(n >> 8) & 255}.${n & 255}`;
  expect(told(tally, 50_000, (n) => ({ address: address(n) }))).toBe(1000);
  const counts = tally.drain();
  expect(counts).toHaveLength(201);
  expect(counts.at(-1)).toMatchObject({ address: undefined, count: 48_800 });
  expect(counts.reduce((sum, { count }) => sum + count, 0)).toBe(49_000);
});

test('the next window begins anew', () => {
  const tally = new RefusalTally();
  told(tally, 30, () => ({}));
  expect(tally.drain()).toHaveLength(1);
  expect(tally.drain()).toEqual([]);
  expect(tally.take(refusal())).toBe(true);
});
