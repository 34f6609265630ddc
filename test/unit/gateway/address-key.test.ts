import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { addressKey } from '../../../gateway/limits/address-key.ts';
import { Networks } from '../../../gateway/limits/networks.ts';

test.each([
  ['192.0.2.1', '192.0.2.1'],
  ['::ffff:192.0.2.1', '192.0.2.1'],
  ['::ffff:c000:201', '192.0.2.1'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
  ['2001:0DB8:0001:0002::', '2001:db8:1:2::/64'],
  ['2001:db8::1', '2001:db8:0:0::/64'],
  ['fe80::1%eth0', 'fe80:0:0:0::/64'],
  ['::1', '0:0:0:0::/64'],
  ['64:ff9b::192.0.2.1', '64:ff9b:0:0::/64'],
  ['', ''],
  ['unknown', 'unknown'],
])('%s counts as %s', (address, key) => {
  expect(addressKey(address)).toBe(key);
});

test('addresses of one /64 are one, of two are two', () => {
  const group = fc.integer({ min: 0, max: 0xffff });
  const half = fc.tuple(group, group, group, group);
  const write = (groups: readonly number[]) => groups.map((part) => part.toString(16)).join(':');
  fc.assert(
    fc.property(half, half, half, half, (network, one, other, elsewhere) => {
      fc.pre(network.some((part) => part !== 0));
      const key = addressKey(write([...network, ...one]));
      expect(addressKey(write([...network, ...other]))).toBe(key);
      const same = write(network) === write(elsewhere);
      expect(addressKey(write([...elsewhere, ...one])) === key).toBe(same);
    }),
  );
});

describe('networks', () => {
  const networks = new Networks(['192.0.2.0/24', '198.51.100.7', '2001:db8::/32']);

  test.each([
    ['192.0.2.200', true],
    ['::ffff:192.0.2.200', true],
    ['198.51.100.7', true],
    ['2001:db8:ffff::1', true],
    ['198.51.100.8', false],
    ['2001:db9::1', false],
    ['', false],
    ['name', false],
  ])('%s: %s', (address, isIn) => {
    expect(networks.has(address)).toBe(isIn);
  });
});
