import { describe, expect, test } from 'vitest';
import { readOffer } from '../../../gateway/sdp/offer.ts';
import { toUpstreamOffer } from '../../../gateway/sdp/upstream-offer.ts';
import { anOffer, append, edit } from '../../support/sdp/descriptions.ts';
import { SRS } from '../../support/sdp/nodes.ts';
import { refusalOf } from '../../support/sdp/refusal.ts';
import { violations } from '../../support/sdp/strict-grammar.ts';

const publish = anOffer('chromium-publish');
const FINGERPRINT = /a=fingerprint:.*/g;

function upstream(sdp: string): string {
  return toUpstreamOffer(readOffer(sdp, 'publish'), SRS).sdp;
}

describe('lines that kill a node', () => {
  test.each(['a=rtcp-fb:96', 'a=ssrc:1 cname', 'a=ssrc-group:FID', 'a=ssrc-group:FID 1'])(
    '[HOSTILE-01] %s never leaves the gateway',
    (line) => {
      expect(upstream(append(publish, line))).toBe(upstream(publish));
    },
  );

  test.each([
    'a=ssrc:1 cname',
    'a=ssrc:0 cname:x',
    'a=ssrc:4294967296 cname:x',
    'a=ssrc:x cname:x',
  ])('[HOSTILE-01] %s declares no source', (line) => {
    const sdp = append(anOffer('chromium-publish-video').replaceAll(/a=ssrc:.*\r\n/g, ''), line);
    expect(refusalOf(() => upstream(sdp))).toBe('offer-unacceptable');
  });

  test('[HOSTILE-01] a y= line is refused', () => {
    const sdp = edit(publish, 's=-', 's=-', 'y=1');
    expect(refusalOf(() => readOffer(sdp, 'publish'))).toBe('sdp-malformed');
  });

  test('[SR-11] rtcp-fb:* is expanded, foreign payload types and double extmaps are dropped', () => {
    const sdp = append(
      anOffer('obs-publish'),
      'a=rtcp-fb:* transport-cc',
      'a=rtpmap:99 VP8/90000',
      'a=fmtp:99 max-fs=1',
      'a=extmap:15 http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01',
      'a=extmap:3 urn:ietf:params:rtp-hdrext:sdes:mid',
      'a=extmap:3 http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01',
    );
    expect(violations(upstream(sdp))).toEqual([]);
    expect(upstream(sdp)).toContain('a=rtcp-fb:96 transport-cc');
  });
});

describe('too much', () => {
  const mLine = 'm=audio 9 UDP/TLS/RTP/SAVPF 111';
  test.each([
    ['10,000 m-lines', append(publish, ...Array.from({ length: 10_000 }, () => mLine))],
    ['9 m-lines', append(publish, ...Array.from({ length: 7 }, () => mLine))],
    ['100,000 payload types', append(publish, `${mLine} 1`.repeat(100_000))],
    [
      '65 payload types',
      append(publish, `m=audio 9 UDP/TLS/RTP/SAVPF ${[...Array(65).keys()].join(' ')}`),
    ],
    [
      '50,000 candidates',
      append(
        publish,
        ...Array.from({ length: 50_000 }, () => 'a=candidate:1 1 udp 1 ::1 1 typ host'),
      ),
    ],
    ['513 lines in a section', append(publish, ...Array.from({ length: 513 }, () => 'a=x'))],
    [
      '65 ssrc lines',
      append(publish, ...Array.from({ length: 65 }, (_, i) => `a=ssrc:${i} cname:x`)),
    ],
    ['a line of 1 MiB', append(publish, `a=${'x'.repeat(1024 * 1024)}`)],
    ['a line of 1025 characters', append(publish, `a=${'x'.repeat(1023)}`)],
    ['64 KiB and one character', publish.padEnd(64 * 1024 + 1, `a=${'x'.repeat(1000)}\r\n`)],
  ])('[HOSTILE-02] %s is refused', (_, sdp) => {
    expect(refusalOf(() => readOffer(sdp, 'publish'))).toBe('sdp-malformed');
  });

  test('[HOSTILE-02] the caps themselves are allowed', () => {
    const sdp = append(
      publish,
      `a=${'x'.repeat(1022)}`,
      ...Array.from({ length: 200 }, () => 'a=x'),
    );
    expect(upstream(sdp)).toBe(upstream(publish));
  });

  test('[HOSTILE-02] the cap on lines counts each section for itself', () => {
    const many = Array.from({ length: 300 }, () => 'a=x');
    const sdp = append(edit(publish, 'a=mid:0', 'a=mid:0', ...many), ...many);
    expect(upstream(sdp)).toBe(upstream(publish));
  });
});

describe('ambiguities', () => {
  const unknownMids = Array.from({ length: 400 }, () => 'x').join(' ');
  test.each([
    ['a double mid', publish.replace('a=mid:1', 'a=mid:0')],
    ['two mids in one section', edit(publish, 'a=mid:1', 'a=mid:1', 'a=mid:2')],
    [
      'two BUNDLE groups',
      edit(publish, 'a=group:BUNDLE 0 1', 'a=group:BUNDLE 0', 'a=group:BUNDLE 1'),
    ],
    ['two v= lines', edit(publish, 's=-', 'v=0')],
    ['v= below an m-line', append(publish, 'v=0')],
    ['two directions', edit(publish, 'a=sendonly', 'a=sendonly', 'a=recvonly')],
    ['two ufrags in one section', append(publish, 'a=ice-ufrag:other')],
    ['two setups in one section', append(publish, 'a=setup:passive')],
    ['a payload type twice', publish.replace('SAVPF 111 63', 'SAVPF 111 111')],
    ['payload type 128', publish.replace('SAVPF 111 63', 'SAVPF 111 128')],
    ['port 65536', publish.replace('m=video 9', 'm=video 65536')],
  ])('[HOSTILE-03] %s is refused', (_, sdp) => {
    expect(refusalOf(() => readOffer(sdp, 'publish'))).toBe('sdp-malformed');
  });

  test('[HOSTILE-03] mids of BUNDLE that are no m-line are left out', () => {
    const sdp = edit(publish, 'a=group:BUNDLE 0 1', `a=group:BUNDLE 0 1 ${unknownMids}`);
    expect(upstream(sdp)).toBe(upstream(publish));
  });
});

describe('characters', () => {
  test.each([
    ['a bare CR', publish.replace('a=mid:0', 'a=mid:0\ra=mid:7')],
    ['CR CR LF', publish.replace('a=mid:0\r\n', 'a=mid:0\r\r\n')],
    ['NUL', publish.replace('s=-', 's=\0')],
    ['U+2028', publish.replace('s=-', 's=\u2028')],
    ['undecodable bytes', publish.replace('s=-', 's=\ufffd')],
    ['half a surrogate pair', publish.replace('s=-', 's=\ud800')],
    ['a byte order mark', `\ufeff${publish}`],
    ['UTF-16', Buffer.from(publish, 'utf16le').toString('latin1')],
    ['ESC', publish.replace('s=-', 's=\u001b[31m')],
    ['a blank line in the middle', publish.replace('s=-\r\n', 's=-\r\n\r\n')],
    ['a line that is no line', edit(publish, 's=-', 'hello')],
    ['nothing', ''],
    ['only line ends', '\r\n\r\n'],
    ['JSON', JSON.stringify({ type: 'offer', sdp: publish })],
  ])('[HOSTILE-04] [WHIP-06] %s is refused', (_, sdp) => {
    expect(refusalOf(() => readOffer(sdp, 'publish'))).toBe('sdp-malformed');
  });

  test('a name in another script is no attack', () => {
    expect(upstream(edit(publish, 's=-', 's=画面 präsentation 🖥'))).toBe(upstream(publish));
  });
});

describe('keys', () => {
  test.each([
    ['a ufrag of 3', 'ice-ufrag', 'abc'],
    ['a ufrag of 257', 'ice-ufrag', 'a'.repeat(257)],
    ['a ufrag with a colon', 'ice-ufrag', 'ab:cd'],
    ['a pwd of 21', 'ice-pwd', 'a'.repeat(21)],
    ['a pwd of 257', 'ice-pwd', 'a'.repeat(257)],
    ['a pwd with a dash', 'ice-pwd', `${'a'.repeat(21)}-`],
  ])('[HOSTILE-05] %s is refused', (_, name, value) => {
    const sdp = publish.replaceAll(new RegExp(`a=${name}:.*`, 'g'), `a=${name}:${value}`);
    expect(refusalOf(() => readOffer(sdp, 'publish'))).toBe('sdp-malformed');
  });

  test.each([
    ['none', ''],
    ['md5', `a=fingerprint:md5 ${'AB:'.repeat(15)}AB`],
    ['31 bytes', `a=fingerprint:sha-256 ${'AB:'.repeat(30)}AB`],
    ['33 bytes', `a=fingerprint:sha-256 ${'AB:'.repeat(32)}AB`],
  ])('[HOSTILE-06] a fingerprint of %s is refused', (_, line) => {
    const sdp = publish.replaceAll(FINGERPRINT, line).replaceAll('\r\n\r\n', '\r\n');
    expect(refusalOf(() => readOffer(sdp, 'publish'))).toBe('offer-unacceptable');
  });

  test('[HOSTILE-06] of several fingerprints the SHA-256 one is used', () => {
    const sdp = publish.replaceAll(FINGERPRINT, (line) => `a=fingerprint:sha-1 AB:CD\r\n${line}`);
    expect(upstream(sdp)).toBe(upstream(publish));
  });

  test.each([
    ['RTP/AVP', publish.replaceAll('UDP/TLS/RTP/SAVPF', 'RTP/AVP')],
    ['SDES keys', append(publish, 'a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:abc')],
  ])('[HOSTILE-07] %s is refused', (_, sdp) => {
    expect(refusalOf(() => readOffer(sdp, 'publish'))).toBe('offer-unacceptable');
  });
});

describe('addresses', () => {
  test('[HOSTILE-21] no candidate leaves the gateway', () => {
    const targets = ['127.0.0.1 22', '169.254.169.254 80', '10.0.0.1 22', 'db.internal 5432'];
    const lines = targets.map((target) => `a=candidate:1 1 udp 2122 ${target} typ host`);
    expect(upstream(append(publish, ...lines))).toBe(upstream(publish));
    expect(upstream(publish)).not.toContain('candidate');
  });

  test('[HOSTILE-22] addresses in o=, c= and a=rtcp are rewritten', () => {
    const sdp = publish
      .replace(/^o=.*/m, 'o=root 1 2 IN IP4 10.1.2.3')
      .replaceAll(/^c=.*/gm, 'c=IN IP4 10.1.2.3')
      .replaceAll(/^a=rtcp:.*/gm, 'a=rtcp:9 IN IP4 10.1.2.3');
    expect(upstream(sdp)).toBe(upstream(publish));
    expect(upstream(sdp)).not.toContain('10.1.2.3');
  });
});
