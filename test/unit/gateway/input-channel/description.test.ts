import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  channelAnswer,
  libraryOffer,
  readChannelOffer,
} from '../../../../gateway/input-channel/description.ts';

const FINGERPRINT = `sha-256 ${Array.from({ length: 32 }, () => 'AB').join(':')}`;
const CHROMIUM = [
  'v=0',
  'o=- 4611 2 IN IP4 127.0.0.1',
  's=-',
  't=0 0',
  'a=group:BUNDLE 0',
  'a=extmap-allow-mixed',
  'a=msid-semantic: WMS',
  'm=application 9 UDP/DTLS/SCTP webrtc-datachannel',
  'c=IN IP4 0.0.0.0',
  'a=candidate:1 1 udp 2113937151 203.0.113.9 5000 typ host',
  'a=ice-ufrag:aB+/',
  'a=ice-pwd:abcdefghijklmnopqrstuvwx',
  'a=ice-options:trickle',
  `a=fingerprint:${FINGERPRINT}`,
  'a=setup:actpass',
  'a=mid:0',
  'a=sctp-port:5000',
  'a=max-message-size:262144',
  '',
].join('\r\n');

describe('[INPUT-96] an offer of data channels', () => {
  test('is read as three values and a mid', () => {
    expect(readChannelOffer(CHROMIUM)).toEqual({
      mid: '0',
      remote: { ufrag: 'aB+/', pwd: 'abcdefghijklmnopqrstuvwx', fingerprint: FINGERPRINT },
    });
  });

  test.each([
    ['nothing', ''],
    ['another m-line', CHROMIUM.replace('m=application 9', 'm=audio 9')],
    ['two m-lines', `${CHROMIUM}m=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\n`],
    ['no fingerprint', CHROMIUM.replace(/a=fingerprint.*\r\n/, '')],
    ['a fingerprint of words', CHROMIUM.replace('AB:AB', 'words')],
    ['no password', CHROMIUM.replace(/a=ice-pwd.*\r\n/, '')],
    ['a short password', CHROMIUM.replace('abcdefghijklmnopqrstuvwx', 'abcd')],
    ['a name with a line break', CHROMIUM.replace('aB+/', 'aB+/\ra=x')],
    ['a server of DTLS', CHROMIUM.replace('actpass', 'passive')],
    ['another SCTP port', CHROMIUM.replace('sctp-port:5000', 'sctp-port:99999999999')],
  ])('is none with %s', (_, sdp) => {
    expect(readChannelOffer(sdp)).toBeNull();
  });

  test('gives nothing to the library but checked values, whatever it says', () => {
    const words = fc.constantFrom(
      ...CHROMIUM.split('\r\n'),
      'a=ice-ufrag:',
      'a=mid:',
      'm=',
      '\r',
      '\0',
    );
    fc.assert(
      fc.property(fc.array(fc.oneof(words, fc.string())), (lines) => {
        const offer = readChannelOffer(lines.join('\r\n'));
        if (offer === null) return;
        expect(libraryOffer(offer.remote).split('\r\n')).toHaveLength(15);
      }),
    );
  });

  test('is answered without its candidates; neither side hands any to the library', () => {
    const offer = readChannelOffer(CHROMIUM);
    expect(offer && libraryOffer(offer.remote)).not.toContain('candidate');
    const local = { ufrag: 'u', pwd: 'p', fingerprint: FINGERPRINT };
    const answer = channelAnswer({ mid: '0', local, addresses: ['192.0.2.1'], port: 8001 });
    expect(answer).toContain(' 192.0.2.1 8001 typ host');
    expect(answer).not.toContain('203.0.113.9');
    expect(answer).toContain('a=setup:passive');
  });
});
