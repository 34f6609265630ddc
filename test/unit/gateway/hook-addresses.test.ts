import { expect, test } from 'vitest';
import { HookAddresses } from '../../../gateway/http/hook-addresses.ts';

const of = (allowed: readonly string[], ...nodeUrls: readonly string[]) =>
  new HookAddresses({ allowed, nodeUrls: () => nodeUrls, now: () => 0 });

test.each([
  ['127.0.0.1', true],
  ['::1', true],
  ['172.18.0.3', true],
  ['10.42.0.7', true],
  ['100.64.1.1', true],
  ['fd12::1', true],
  ['::ffff:192.168.1.2', true],
  ['172.32.0.1', false],
  ['203.0.113.7', false],
  ['2001:db8::1', false],
  ['', false],
])('[HOSTILE-39] by default %s: %s', async (address, isAllowed) => {
  expect(await of([]).has(address)).toBe(isAllowed);
});

test('[HOSTILE-39] by default nodes may, wherever they are', async () => {
  const addresses = of(
    [],
    'http://203.0.113.7:1985',
    'http://[2001:db8::7]:1985',
    'http://no.invalid',
  );
  expect(await addresses.has('203.0.113.7')).toBe(true);
  expect(await addresses.has('2001:db8::7')).toBe(true);
  expect(await addresses.has('203.0.113.8')).toBe(false);
});

test('[HOSTILE-39] what is listed is all, beside this machine', async () => {
  const addresses = of(['192.0.2.0/24'], 'http://203.0.113.7:1985');
  expect(await addresses.has('192.0.2.1')).toBe(true);
  expect(await addresses.has('127.0.0.1')).toBe(true);
  for (const address of ['203.0.113.7', '10.0.0.1'])
    expect(await addresses.has(address)).toBe(false);
  expect(await of(['*']).has('203.0.113.7')).toBe(true);
});
