import { describe, expect, it } from 'vitest';
import { readAnswer } from '../../../host-publisher/publish/answer.ts';
import { writeOffer } from '../../../host-publisher/publish/offer.ts';

const TRANSPORT = {
  ufrag: 'abcd',
  pwd: 'abcdefghijklmnopqrstuvwx',
  fingerprint: `sha-256 ${Array.from({ length: 32 }, () => 'AB').join(':')}`,
  candidates: ['a=candidate:1 1 UDP 1 192.0.2.1 5000 typ host'],
};
const MEDIA = { codec: 'H264', videoSsrc: 11, audioSsrc: 12, cname: 'host' } as const;

const answerOf = (change: (lines: string[]) => string[] = (lines) => lines): string => {
  const lines = writeOffer(MEDIA, TRANSPORT)
    .replaceAll('a=setup:actpass', 'a=setup:passive')
    .replaceAll('sendonly', 'recvonly')
    .split('\r\n');
  return change(lines).join('\r\n');
};

describe('the offer', () => {
  it('bundles sound and picture with their SSRCs and all candidates', () => {
    const offer = writeOffer(MEDIA, TRANSPORT);
    expect(offer).toContain('a=group:BUNDLE 0 1\r\n');
    expect(offer).toContain('a=ssrc:11 msid:host video\r\n');
    expect(offer).toContain('a=ssrc:12 msid:host audio\r\n');
    expect(offer.match(/a=candidate:/g)).toHaveLength(1);
    expect(offer).toContain('a=end-of-candidates');
  });

  it('has one m-line without sound', () => {
    const offer = writeOffer({ ...MEDIA, codec: 'VP8', audioSsrc: null }, TRANSPORT);
    expect(offer.match(/^m=/gm)).toHaveLength(1);
    expect(offer).toContain('a=rtpmap:96 VP8/90000');
    expect(offer).not.toContain('profile-level-id');
  });
});

describe('the answer', () => {
  it('says how to send', () => {
    expect(readAnswer(answerOf(), 'H264')).toEqual({
      video: { payloadType: 102, transportCcId: 3, playoutDelay: { id: 4, mostMs: 30 } },
      audio: { payloadType: 111, transportCcId: 3, playoutDelay: null },
      iceLite: false,
      setup: 'passive',
      ...TRANSPORT,
    });
  });

  it('may have numbers of its own, and no extension', () => {
    const answer = answerOf((lines) =>
      lines
        .filter((line) => !line.startsWith('a=extmap'))
        .map((line) => line.replace('rtpmap:102', 'rtpmap:125')),
    );
    expect(readAnswer(answer, 'H264').video).toEqual({
      ...{ payloadType: 125, transportCcId: null, playoutDelay: null },
    });
  });

  it('may refuse the sound; then no picture waits for it', () => {
    const sdp = answerOf((lines) => lines.map((line) => line.replace('m=audio 9', 'm=audio 0')));
    const { audio, video } = readAnswer(sdp, 'H264');
    expect(audio).toBeNull();
    expect(video.playoutDelay).toEqual({ id: 4, mostMs: 0 });
  });

  it.each([
    ['without the picture', (line: string) => line.replace('m=video 9', 'm=video 0'), /H264/],
    [
      'without a fingerprint',
      (line: string) => line.replace(/^a=fingerprint.*/, ''),
      /fingerprint/,
    ],
    ['without a password', (line: string) => line.replace(/^a=ice-pwd.*/, ''), /password/],
  ])('%s is refused with a sentence', (_, change, sentence) => {
    expect(() =>
      readAnswer(
        answerOf((lines) => lines.map(change)),
        'H264',
      ),
    ).toThrow(sentence);
  });
});
