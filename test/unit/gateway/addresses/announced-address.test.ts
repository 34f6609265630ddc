import { expect, test } from 'vitest';
import {
  readAnnouncedAddress,
  writeEndpoint,
} from '../../../../gateway/addresses/announced-address.ts';
import { scopeOf } from '../../../../gateway/addresses/address-scope.ts';
import { ConfigError, loadConfig } from '../../../../gateway/config/load.ts';
import { anEnvironment } from '../../../support/gateway/start-gateway.ts';

test.each([
  ['203.0.113.7', { host: '203.0.113.7', port: null }],
  ['203.0.113.7:9000', { host: '203.0.113.7', port: 9000 }],
  ['2001:db8::7', { host: '2001:db8::7', port: null }],
  ['[2001:db8::7]', { host: '2001:db8::7', port: null }],
  ['[2001:db8::7]:9000', { host: '2001:db8::7', port: 9000 }],
  ['media.example.org', { host: 'media.example.org', port: null }],
  ['media.example.org:9000', { host: 'media.example.org', port: 9000 }],
])('[ADDR-01] %s is an address that can be announced', (word, expected) => {
  expect(readAnnouncedAddress(word)).toEqual(expected);
});

test.each([
  ...['', ':8000', '203.0.113.7:0', '203.0.113.7:65536', '203.0.113.7:x', '300.1.1.1', '192.0.2'],
  ...[
    '[203.0.113.7]:80',
    '[2001:db8::7',
    '2001:db8::7]:80',
    'a b',
    'http://a.example',
    '-a.example',
  ],
  ...['a=candidate:1 1 udp', 'fe80::1%eth0', '203.0.113.7/24', '203.0.113.7:8000:9000'],
])('[ADDR-01] "%s" is none', (word) => {
  expect(readAnnouncedAddress(word)).toBeNull();
});

test('[ADDR-01] an endpoint is written as people read it', () => {
  expect(writeEndpoint('203.0.113.7', 8000)).toBe('203.0.113.7:8000');
  expect(writeEndpoint('2001:db8::7', 8000)).toBe('[2001:db8::7]:8000');
});

test.each([
  ['127.0.0.1', 'loopback'],
  ['::1', 'loopback'],
  ['::ffff:127.0.0.1', 'loopback'],
  ['169.254.1.1', 'link'],
  ['fe80::1', 'link'],
  ['fe80::1%eth0', 'link'],
  ['172.17.0.2', 'container'],
  ['172.18.0.2', 'private'],
  ['10.1.2.3', 'private'],
  ['192.168.1.20', 'private'],
  ['100.64.0.1', 'private'],
  ['fd00::1', 'private'],
  ['0.0.0.0', 'nowhere'],
  ['::', 'nowhere'],
  ['224.0.0.1', 'nowhere'],
  ['255.255.255.255', 'nowhere'],
  ['ff02::1', 'nowhere'],
  ['', 'nowhere'],
  ['no address', 'nowhere'],
  ['203.0.113.7', 'public'],
  ['100.128.0.1', 'public'],
  ['2a00:1450::1', 'public'],
])('[ADDR-03] %s is of the scope %s', (ip, scope) => {
  expect(scopeOf(ip)).toBe(scope);
});

const problemsOf = (env: Record<string, string>): readonly string[] => {
  try {
    loadConfig(anEnvironment(env));
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
};

test('[ADDR-02] one list is for all nodes, or there is one for each', () => {
  const SRS_NODES = 'http://192.0.2.1:1985,http://192.0.2.2:1985';
  const MEDIA_CANDIDATE = '203.0.113.7,[2001:db8::7]:9000;media.example.org';
  const { MEDIA_CANDIDATE: lists } = loadConfig(anEnvironment({ SRS_NODES, MEDIA_CANDIDATE }));
  expect(lists).toEqual([
    [
      { host: '203.0.113.7', port: null },
      { host: '2001:db8::7', port: 9000 },
    ],
    [{ host: 'media.example.org', port: null }],
  ]);
  expect(problemsOf({ SRS_NODES, MEDIA_CANDIDATE: '203.0.113.7' })).toEqual([]);
  expect(problemsOf({ SRS_NODES, MEDIA_CANDIDATE: '1.1.1.1;2.2.2.2;3.3.3.3' })).toEqual([
    'MEDIA_CANDIDATE: has 3 lists for 2 media server(s)',
  ]);
  expect(problemsOf({ MEDIA_CANDIDATE: '1.1.1.1;2.2.2.2' })).toHaveLength(1);
});

test.each(['0.0.0.0', '169.254.1.1', 'fe80::1', '224.0.0.1', '203.0.113.7:', 'a b'])(
  '[ADDR-02] a start with MEDIA_CANDIDATE=%s is refused',
  (MEDIA_CANDIDATE) => {
    expect(problemsOf({ MEDIA_CANDIDATE })[0]).toMatch(/^MEDIA_CANDIDATE: must be addresses/);
  },
);
