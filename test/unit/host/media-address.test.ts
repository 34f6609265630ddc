import { expect, test } from 'vitest';
import {
  readMediaAddress,
  withMediaAddress,
} from '../../../host-publisher/gateway/media-address.ts';

const ANSWER = [
  'v=0',
  'm=audio 9 UDP/TLS/RTP/SAVPF 111',
  'a=mid:0',
  'a=candidate:0 1 udp 1 127.0.0.1 8000 typ host',
  'a=candidate:1 1 udp 1 192.0.2.1 8000 typ host',
  'm=video 9 UDP/TLS/RTP/SAVPF 102',
  'a=mid:1',
  '',
].join('\r\n');

test('one candidate comes before the server’s own, in each m-line that has some', async () => {
  const sdp = await withMediaAddress(ANSWER, { host: '192.0.2.9', port: 9000 });
  expect(sdp.split('\r\n').filter((line) => line.startsWith('a=candidate'))).toEqual([
    'a=candidate:host 1 udp 2130706431 192.0.2.9 9000 typ host',
    'a=candidate:0 1 udp 1 127.0.0.1 8000 typ host',
    'a=candidate:1 1 udp 1 192.0.2.1 8000 typ host',
  ]);
  expect(sdp.replace(/a=candidate:host.*\r\n/, '')).toBe(ANSWER);
});

test('a name is looked up', async () => {
  const sdp = await withMediaAddress(ANSWER, { host: 'localhost', port: 9000 });
  expect(sdp).toMatch(/^a=candidate:host 1 udp \d+ (127\.0\.0\.1|::1) 9000 typ host\r$/m);
  await expect(withMediaAddress(ANSWER, { host: 'no.invalid', port: 1 })).rejects.toMatchObject({
    code: 'gateway',
  });
});

test.each([
  ['srs:8000', { host: 'srs', port: 8000 }],
  ['[2001:db8::1]:9', { host: '2001:db8::1', port: 9 }],
])('%s is read', (text, expected) => {
  expect(readMediaAddress(text)).toEqual(expected);
});

test.each(['srs', 'srs:', 'srs:0', 'srs:65536', 'a b:1', ':1', 'srs:8000\r\na=x'])(
  '%j is refused',
  (text) => {
    expect(() => readMediaAddress(text)).toThrow('CS_MEDIA_ADDRESS must be host:port');
  },
);
