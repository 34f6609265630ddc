import fc from 'fast-check';
import { expect, test } from 'vitest';

import type { CodecChoice } from '../../../srs/embedded/media.ts';
import { MediaError } from '../../../srs/embedded/media.ts';
import type { VideoCodec } from '../../../srs/embedded/rtc/codec.ts';
import { agree } from '../../../srs/embedded/rtc/sdp/agreement.ts';
import { writeAnswer } from '../../../srs/embedded/rtc/sdp/answer.ts';
import { candidateLines, ownAddresses } from '../../../native/candidates.ts';
import { clientIsDtlsServer } from '../../../srs/embedded/rtc/sdp/dtls-role.ts';
import { readOffer } from '../../../srs/embedded/rtc/sdp/offer.ts';
import { anOffer, OFFER_NAMES } from '../../support/sdp/descriptions.ts';

const answer = (
  sdp: string,
  kind: 'publish' | 'play',
  wish: { codec?: CodecChoice; live?: VideoCodec | null } = {},
): string => {
  const { codec = 'auto', live = null } = wish;
  const sent = { ssrc: 7, cname: 'c', streamId: 'live-s' };
  return writeAnswer({
    agreement: agree(readOffer(sdp), { kind, codec, live }),
    transport: { ufrag: 'srvufrag', pwd: 'p'.repeat(32), fingerprint: 'sha-256 AA' },
    candidates: [{ address: '192.0.2.1', port: 8000 }],
    sessionId: 1,
    sent: kind === 'play' ? { audio: sent, video: sent } : null,
  });
};

const codeOf = (act: () => unknown): number | null => {
  try {
    act();
    return null;
  } catch (error) {
    return error instanceof MediaError ? error.code : -1;
  }
};

const lines = (sdp: string, pattern: RegExp) =>
  sdp.split('\r\n').filter((line) => pattern.test(line));
const kindOf = (name: string) => (name.includes('publish') ? 'publish' : 'play');
test.each(OFFER_NAMES)('%s: the answer has its m-lines, in order, with their mids', (name) => {
  const offer = anOffer(name);
  const sdp = answer(offer, kindOf(name));
  const media = (text: string) => lines(text, /^m=/).map((line) => line.slice(0, 7));
  expect(media(sdp)).toEqual(media(offer));
  expect(lines(sdp, /^a=mid:/)).toEqual(lines(offer, /^a=mid:/));
  expect(lines(sdp, /^a=candidate:/)).toHaveLength(1);
  expect(lines(sdp, /^a=(sendonly|recvonly)$/)[0]).toBe(
    kindOf(name) === 'publish' ? 'a=recvonly' : 'a=sendonly',
  );
  const grouped = lines(sdp, /^a=group:/)
    .join()
    .split(' ')
    .slice(1);
  const open = sdp
    .split('\r\nm=')
    .filter((section) => / 9 UDP/.test(section.split('\r\n')[0] ?? ''));
  if (grouped.length > 0) expect(grouped).toHaveLength(open.length);
});

test.each<[string, CodecChoice, string]>([
  ['chromium-publish', 'auto', 'H264'],
  ['chromium-publish', 'vp8', 'VP8'],
  ['chromium-publish', 'av1', 'AV1'],
  ['chromium-publish-vp8', 'auto', 'VP8'],
  ['chromium-publish-av1', 'auto', 'AV1'],
  ['chromium-publish-vp8', 'h264', 'VP8'],
])('%s, asked for %s: a publisher gets one video codec, %s', (name, codec, expected) => {
  const sdp = answer(anOffer(name), 'publish', { codec });
  const video = lines(sdp, /^a=rtpmap:\d+ (?!opus|rtx)/);
  expect(video).toHaveLength(1);
  expect(video[0]).toContain(`${expected}/90000`);
});

test('a publisher is told RTX, transport-cc and playout delay with its own ids, and where to start', () => {
  const offer = anOffer('chromium-publish');
  const sdp = answer(offer, 'publish');
  const uris = /transport-wide-cc-extensions-01|playout-delay/;
  expect(lines(sdp, /^a=extmap/)).toEqual(lines(offer, uris));
  expect(lines(sdp, /^a=rtpmap:\d+ rtx/)).toHaveLength(1);
  expect(lines(sdp, /^a=fmtp:\d+ .*packetization-mode=1.*profile-level-id=42e0/)).toHaveLength(1);
  expect(sdp).toContain('x-google-start-bitrate=2500');
  expect(lines(sdp, /transport-cc$/)).toHaveLength(2);
  expect(sdp).not.toContain('a=ssrc');
});

test('a viewer gets the live codec first, every other that it offered, and no extension but the playout delay', () => {
  const sdp = answer(anOffer('chromium-watch'), 'play', { live: 'VP9' });
  expect(lines(sdp, /^a=rtpmap:\d+ (?!opus)/).map((line) => line.split(' ')[1])).toEqual([
    'VP9/90000',
    'H264/90000',
    'VP8/90000',
    'AV1/90000',
  ]);
  expect(lines(sdp, /^a=extmap/)).toEqual(lines(anOffer('chromium-watch'), /playout-delay/));
  expect(lines(sdp, /rtx|x-google/)).toEqual([]);
  expect(lines(sdp, /^a=ssrc:7 cname:c$/)).toHaveLength(2);
});

test('a viewer that cannot decode what is live is refused, later it would be welcome', () => {
  const offer = anOffer('firefox-watch').replaceAll(/AV1\/90000/g, 'none/90000');
  expect(codeOf(() => answer(offer, 'play', { live: 'AV1' }))).toBe(5018);
  expect(codeOf(() => answer(offer, 'play'))).toBeNull();
});

test('DTLS roles: FFmpeg is obeyed, browsers are clients, others are servers', () => {
  expect(answer(anOffer('ffmpeg-publish'), 'publish')).toContain('a=setup:active');
  expect(answer(anOffer('chromium-publish'), 'publish')).toContain('a=setup:passive');
  const libdatachannel = { ufrag: 'xZ4i', pwd: 'a'.repeat(22) };
  expect(clientIsDtlsServer('actpass', libdatachannel)).toBe(true);
  expect(clientIsDtlsServer('active', libdatachannel)).toBe(false);
});

const MINIMAL = [
  'v=0',
  'o=- 1 1 IN IP4 0.0.0.0',
  's=-',
  't=0 0',
  'a=group:LS 0 1',
  'a=group:BUNDLE 0 1',
  'a=ice-ufrag:abcd',
  'a=ice-pwd:abcdefghijklmnopqrstuvwx',
  `a=fingerprint:sha-256 ${Array(32).fill('0A').join(':')}`,
  'a=setup:actpass',
  'm=audio 9 UDP/TLS/RTP/SAVPF 111',
  'a=mid:0',
  'a=sendonly',
  'a=rtcp-mux',
  'a=rtpmap:111 OPUS/48000/2',
  'm=video 9 UDP/TLS/RTP/SAVPF 96',
  'a=mid:1',
  'a=sendonly',
  'a=rtcp-mux',
  'a=rtpmap:96 h264/90000',
  '',
];
const minimal = (edit: (sdp: string) => string = (sdp) => sdp) => edit(MINIMAL.join('\n'));

test('session-level transport, LF line ends, other groups and odd spelling are fine', () => {
  expect(lines(answer(minimal(), 'publish'), /^a=group/)).toEqual(['a=group:BUNDLE 0 1']);
});

test.each<[string, number, (sdp: string) => string]>([
  ['no v=0', 5012, () => 'hello'],
  ['a line that is none', 5012, (sdp) => `${sdp}rubbish\n`],
  ['no m-line', 5012, (sdp) => sdp.slice(0, sdp.indexOf('m='))],
  ['too long', 5012, (sdp) => sdp + 'a=x\n'.repeat(20_000)],
  ['seventeen m-lines', 5012, (sdp) => sdp + 'm=audio 9 X 0\n'.repeat(15)],
  ['a port that is no number', 5012, (sdp) => sdp.replace('m=audio 9', 'm=audio nine')],
  ['no rtcp-mux', 5018, (sdp) => sdp.replaceAll('a=rtcp-mux\n', '')],
  ['no BUNDLE for two m-lines', 5018, (sdp) => sdp.replace('a=group:BUNDLE 0 1\n', '')],
  ['recvonly from a publisher', 5018, (sdp) => sdp.replace('sendonly', 'recvonly')],
  ['inactive alone', 5018, (sdp) => sdp.replaceAll('sendonly', 'inactive')],
  ['no Opus', 5018, (sdp) => sdp.replace('OPUS/48000/2', 'PCMU/8000')],
  ['no video codec of ours', 5018, (sdp) => sdp.replace('h264', 'H265')],
  ['no fingerprint', 5018, (sdp) => sdp.replace('a=fingerprint', 'a=fingerprlnt')],
  ['an ICE password with a line end in it', 5018, (sdp) => sdp.replace('abcdefgh', 'abc defgh')],
  ['holdconn', 5018, (sdp) => sdp.replace('actpass', 'holdconn')],
  ['rids that no packet can carry', 5018, (sdp) => `${sdp}a=rid:h send\na=simulcast:send h\n`],
  ['five layers', 5018, (sdp) => `${sdp}a=ssrc-group:SIM 1 2 3 4 5\n`],
])('refused: %s with %i', (_what, code, edit) => {
  expect(codeOf(() => answer(minimal(edit), 'publish'))).toBe(code);
});

test('m-lines that are not served keep their place as rejected', () => {
  const extra =
    'm=application 9 UDP/DTLS/SCTP webrtc-datachannel\na=mid:2\nm=video 9 UDP/TLS/RTP/SAVPF 97\na=mid:3\na=sendonly\n';
  const sdp = answer(
    minimal((text) => text + extra),
    'publish',
  );
  expect(lines(sdp, /^m=/).slice(2)).toEqual([
    'm=application 0 UDP/DTLS/SCTP webrtc-datachannel',
    'm=video 0 UDP/TLS/RTP/SAVPF 97',
  ]);
  expect(lines(sdp, /^a=group/)).toEqual(['a=group:BUNDLE 0 1']);
});

test('one medium needs no group', () => {
  const alone = minimal((sdp) => sdp.slice(0, sdp.indexOf('m=video')).replace(/a=group.*\n/g, ''));
  expect(answer(alone, 'publish')).not.toContain('a=group');
});

test('nothing that a client writes breaks a line of the answer or throws anything else', () => {
  const word = fc.stringMatching(/^[ -~]{0,40}$/);
  fc.assert(
    fc.property(fc.array(word, { maxLength: 6 }), fc.nat(20), (words, place) => {
      const offer = [...MINIMAL];
      offer.splice(place, 0, ...words.map((text) => `a=${text}`));
      const text = offer.join('\r\n');
      const code = codeOf(() => answer(text, 'play'));
      expect([5012, 5018, null]).toContain(code);
    }),
  );
});

test('candidates: configured, else the bound address, else outer IPv4 and loopback last', () => {
  const entry = (address: string, internal: boolean, family = 'IPv4') =>
    ({ address, internal, family, netmask: '', mac: '', cidr: null }) as never;
  const interfaces = {
    lo: [entry('127.0.0.1', true)],
    eth0: [entry('192.0.2.5', false), entry('2001:db8::1', false, 'IPv6')],
  };
  const own = (configured: string[], bindAddress?: string) =>
    ownAddresses({ configured, bindAddress, interfaces });
  expect(own([])).toEqual(['192.0.2.5', '127.0.0.1']);
  expect(own([], '0.0.0.0')).toEqual(['192.0.2.5', '127.0.0.1']);
  expect(own([], '10.0.0.1')).toEqual(['10.0.0.1']);
  expect(own(['198.51.100.7'], '10.0.0.1')).toEqual(['198.51.100.7']);
  const written = candidateLines([
    { address: '192.0.2.5', port: 8000 },
    { address: 'bad\r\na=evil', port: 1 },
    { address: '127.0.0.1', port: 8001 },
  ]);
  expect(written).toEqual([
    'a=candidate:0 1 udp 2130706431 192.0.2.5 8000 typ host generation 0',
    'a=candidate:1 1 udp 2130706175 127.0.0.1 8001 typ host generation 0',
  ]);
});
