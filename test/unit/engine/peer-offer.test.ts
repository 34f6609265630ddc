import { expect, test } from 'vitest';
import { writePeerOffer } from '../../support/rtc/peer-offer.ts';

const transport = { ufrag: 'u', pwd: 'p', fingerprint: 'sha-256 00', candidates: [] };

test('each announced SSRC names its stream and track: SRS 6 answers no m-line without', () => {
  const ssrcs = { audio: 1, video: 2, rtx: 3 };
  const what = { direction: 'sendonly', videoCodecs: ['H264'], audio: true, rtx: true } as const;
  const offer = writePeerOffer({ ...what, ssrcs }, transport);
  expect(offer.match(/^a=ssrc:.*$/gm)).toEqual([
    'a=ssrc:1 cname:test-peer',
    'a=ssrc:1 msid:test-stream audio',
    'a=ssrc:2 cname:test-peer',
    'a=ssrc:2 msid:test-stream video',
    'a=ssrc:3 cname:test-peer',
    'a=ssrc:3 msid:test-stream video',
  ]);
  expect(writePeerOffer(what, transport)).not.toContain('a=ssrc');
});
