import { describe, expect, test } from 'vitest';
import { readFragment } from '../../../gateway/sdp/fragment.ts';
import { refusalOf } from '../../support/sdp/refusal.ts';

const UFRAG = 'a=ice-ufrag:EsAw';
const PWD = 'a=ice-pwd:P2uYro0UCOQ4zxjKXaWCBui1';
const HOST =
  'a=candidate:1387637174 1 udp 2122260223 192.0.2.1 61764 typ host generation 0 ufrag EsAw';

function fragment(...lines: string[]): string {
  return lines.map((line) => `${line}\r\n`).join('');
}

describe('what clients send', () => {
  test('[WHIP-45] credentials and candidates are told apart', () => {
    const text = fragment(UFRAG, PWD, 'm=audio 9 UDP/TLS/RTP/SAVPF 0', 'a=mid:0', HOST, HOST);
    expect(readFragment(text)).toEqual({
      ufrags: ['EsAw'],
      pwds: ['P2uYro0UCOQ4zxjKXaWCBui1'],
      candidates: 2,
      endOfCandidates: false,
    });
  });

  test('[WHIP-54] end-of-candidates alone, and candidates behind it', () => {
    expect(readFragment('a=end-of-candidates')).toMatchObject({
      ufrags: [],
      candidates: 0,
      endOfCandidates: true,
    });
    expect(readFragment(fragment('a=end-of-candidates', HOST)).candidates).toBe(1);
  });

  test.each([
    [
      'credentials below the m-line',
      fragment('m=audio 9 RTP/AVP 0', 'a=mid:video0', UFRAG, PWD, HOST),
    ],
    [
      'several m-lines',
      fragment(UFRAG, PWD, 'm=audio 9 RTP/AVP 0', HOST, 'm=video 9 RTP/AVP 0', HOST),
    ],
    ['no m-line', fragment(UFRAG, PWD)],
    ['LF line ends', fragment(UFRAG, PWD, HOST).replaceAll('\r\n', '\n')],
    [
      'a bracketed IPv6 address and component 0',
      fragment(UFRAG, 'a=candidate:1 0 udp 1 [2001:db8::1] 9 typ host'),
    ],
    ['a doubled word', fragment(UFRAG, 'a=candidate:candidate:1 1 udp 1 192.0.2.1 9 typ host')],
    ['an empty last candidate', fragment(UFRAG, 'a=candidate:')],
  ])('[WHIP-55] %s', (_, text) => {
    expect(readFragment(text).ufrags).toEqual(['EsAw']);
  });

  test.each([
    ['a name of mDNS', 'a=candidate:1 1 udp 1 4e1c-77.local 50000 typ host'],
    ['TCP', 'a=candidate:1 1 tcp 1 192.0.2.1 9 typ host tcptype active'],
    ['a relay', 'a=candidate:1 1 udp 1 192.0.2.1 9 typ relay raddr 0.0.0.0 rport 0'],
    ['an unknown transport', 'a=candidate:1 1 quic 1 192.0.2.1 9 typ host'],
    ['a host of ours', 'a=candidate:1 1 udp 1 169.254.169.254 80 typ host'],
  ])('[WHIP-46] a candidate of %s is taken and dropped', (_, line) => {
    expect(readFragment(fragment(line)).candidates).toBe(1);
  });
});

describe('what is refused', () => {
  test.each([
    ['nothing', ''],
    ['JSON', '{"candidate":"candidate:1 1 udp 1 192.0.2.1 9 typ host"}'],
    ['a malformed candidate', fragment('a=candidate:hello')],
    ['a short ufrag', fragment('a=ice-ufrag:abc')],
    ['a short pwd', fragment(UFRAG, 'a=ice-pwd:abc')],
    ['a short ufrag in a later section', fragment(UFRAG, 'm=audio 9 RTP/AVP 0', 'a=ice-ufrag:abc')],
    ['a bare CR', 'a=ice-ufrag:EsAw\ra=ice-pwd:x'],
    ['NUL', `${UFRAG}\0`],
    ['513 lines', fragment(...Array<string>(513).fill(HOST))],
    ['a line of 1025 characters', fragment(HOST.padEnd(1025, 'x'))],
    ['64 KiB and more', fragment(UFRAG).padEnd(64 * 1024 + 1, 'a=x\r\n')],
  ])('[WHIP-42] %s', (_, text) => {
    expect(refusalOf(() => readFragment(text))).toBe('bad-request');
  });
});
