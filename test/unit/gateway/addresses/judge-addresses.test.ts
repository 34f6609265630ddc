import { expect, test } from 'vitest';
import { judgeAddresses, type Audience } from '../../../../gateway/addresses/judge-addresses.ts';

const NOBODY: Audience = { publicHost: null, comesFromOutside: false, client: null };
const faults = (addresses: readonly string[], audience: Partial<Audience> = {}) =>
  judgeAddresses(addresses, { ...NOBODY, ...audience }).map(({ fault }) => fault);

test('[ADDR-05] what nobody can send to is told whoever comes', () => {
  expect(faults(['0.0.0.0', '203.0.113.7'])).toEqual(['unusable']);
  expect(faults(['fe80::1', '169.254.0.1', '127.0.0.1'])).toEqual(['unusable', 'unusable']);
});

test.each<[string, readonly string[], Partial<Audience>, readonly string[]]>([
  ['this machine alone', ['127.0.0.1'], {}, []],
  ['this machine alone, a client of it', ['172.17.0.2'], { client: '127.0.0.1' }, []],
  ['in a container nothing is known', ['127.0.0.1'], { comesFromOutside: null }, []],
  ['open to others', ['127.0.0.1', '::1'], { comesFromOutside: true }, ['loopback-only']],
  ['a client of the LAN', ['127.0.0.1'], { client: '192.168.1.9' }, ['loopback-only']],
  ['a public name', ['127.0.0.1'], { publicHost: 'cast.example.org' }, ['loopback-only']],
  ['an inner name', ['127.0.0.1'], { publicHost: 'cast.local' }, ['loopback-only']],
  ['Docker’s bridge', ['172.17.0.2'], { comesFromOutside: true }, ['container']],
  ['Docker’s bridge, a client of the LAN', ['172.17.0.2'], { client: '10.0.0.9' }, ['container']],
  ['the LAN, a client of it', ['192.168.1.2'], { client: '192.168.1.9' }, []],
  [
    'the LAN, a client of the internet',
    ['192.168.1.2'],
    { client: '198.51.100.4' },
    ['private-only'],
  ],
  ['another bridge, the internet', ['172.18.0.3'], { client: '198.51.100.4' }, ['private-only']],
  ['the LAN, a public name', ['10.0.0.2'], { publicHost: 'cast.example.org' }, ['private-only']],
  ['the LAN, a public address', ['fd00::2'], { publicHost: '[2a00:1450::1]' }, ['private-only']],
  ['the LAN, an inner name', ['10.0.0.2'], { publicHost: 'cast' }, []],
  ['one public among others', ['10.0.0.2', '203.0.113.7'], { client: '198.51.100.4' }, []],
  [
    'one of the LAN among others',
    ['127.0.0.1', '172.17.0.1', '10.0.0.2'],
    { client: '10.0.0.9' },
    [],
  ],
])('[ADDR-05] %s', (_what, addresses, audience, expected) => {
  expect(faults(addresses, audience)).toEqual(expected);
});

test('[ADDR-05] the sentence names the address, who cannot reach it, and the setting', () => {
  const [remark] = judgeAddresses(['172.17.0.2'], { ...NOBODY, client: '198.51.100.4' });
  expect(remark?.sentence).toMatch(
    /^172\.17\.0\.2 is .*not reachable from outside.*198\.51\.100\.4.*MEDIA_CANDIDATE/,
  );
});
