import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import {
  candidatePlace,
  writeClientAnswer,
} from '../../../../host-publisher/direct/client-answer.ts';
import { readCandidate, readClientOffer } from '../../../../host-publisher/direct/client-offer.ts';
import { HostError } from '../../../../host-publisher/host-error.ts';

const sdp = (name: string): string =>
  readFileSync(
    fileURLToPath(new URL(`../../../support/sdp/offers/${name}.sdp`, import.meta.url)),
    'utf8',
  );
const LOCAL = {
  ufrag: 'abcd',
  pwd: 'abcdefghijklmnopqrstuvwx',
  fingerprint: `sha-256 ${Array.from({ length: 32 }, () => 'AB').join(':')}`,
  candidates: [],
};
const MEDIA = { codec: 'H264', videoSsrc: 11, audioSsrc: 12, cname: 'host' } as const;
const CHANNELS = [
  'm=application 9 UDP/DTLS/SCTP webrtc-datachannel',
  'c=IN IP4 0.0.0.0',
  'a=mid:2',
  'a=sctp-port:5000',
  'a=max-message-size:262144',
  '',
].join('\r\n');
const withChannels = (offer: string): string => offer.trimEnd() + '\r\n' + CHANNELS;
const sectionsOf = (answer: string): string[] => answer.split(/^(?=m=)/m).slice(1);

describe('the offer of a client', () => {
  it('[DIR-40] of Chromium is answered in its order with its payload types, and nothing that was not offered', () => {
    const offer = readClientOffer(withChannels(sdp('chromium-watch')), 'H264');
    const answer = writeClientAnswer(offer, MEDIA, LOCAL);
    const [audio = '', video = '', channels = ''] = sectionsOf(answer);
    expect(answer).toContain('a=group:BUNDLE 0 1 2\r\n');
    expect(audio).toMatch(/^m=audio 9 UDP\/TLS\/RTP\/SAVPF 111\r\n/);
    expect(video).toMatch(/^m=video 9 UDP\/TLS\/RTP\/SAVPF (\d+)\r\n/);
    expect(video).toMatch(/profile-level-id=42e01f/);
    expect(video).toContain('a=extmap:3 http://www.ietf.org/id/draft-holmer-rmcat-transport-wide');
    expect(video).toContain('a=sendonly\r\n');
    expect(video).toContain('a=ssrc:11 ');
    expect(audio).toContain('a=ssrc:12 ');
    expect(channels).toContain('a=sctp-port:5000\r\n');
    expect(answer.match(/a=setup:passive/g)).toHaveLength(3);
  });

  it.each([
    ['chromium-watch', 'packetization-mode=1'],
    ['chromium-watch-video-first', 'packetization-mode=1'],
    ['gst-whepclientsrc-watch', 'profile-level-id'],
  ])('[DIR-40] of %s has a picture for it', (name, parameters) => {
    const { video } = readClientOffer(sdp(name), 'H264');
    expect(video.parameters).toContain(parameters);
  });

  it('[DIR-40] of a client that takes VP8 alone is answered where the host has that', () => {
    const { video } = readClientOffer(sdp('firefox-watch'), 'VP8');
    expect(video.payloadType).toBeGreaterThan(95);
  });

  it('[DIR-40] without sound at the host has its sound refused in place', () => {
    const offer = readClientOffer(sdp('chromium-watch'), 'H264');
    const answer = writeClientAnswer(offer, { ...MEDIA, audioSsrc: null }, LOCAL);
    const [audio = ''] = sectionsOf(answer);
    expect(audio).toMatch(/^m=audio 0 /);
    expect(audio).toContain('a=inactive');
    expect(answer).toContain('a=group:BUNDLE 1\r\n');
    expect(candidatePlace(offer, false)).toEqual({ sdpMid: '1', sdpMLineIndex: 1 });
  });

  it('[DIR-41] that only sends, or has no codec of the host, is refused with a sentence', () => {
    for (const offer of [
      sdp('chromium-publish'),
      sdp('chromium-watch').replaceAll('H264', 'H265'),
    ]) {
      expect(() => readClientOffer(offer, 'H264')).toThrow(HostError);
      expect(() => readClientOffer(offer, 'H264')).toThrow(/^The offer takes no H264 picture\.$/);
    }
  });

  it('[DIR-41] keeps text of its own out of the answer', () => {
    const noise = sdp('chromium-watch').replaceAll(
      /a=fmtp:(\d+) .*/g,
      'a=fmtp:$1 packetization-mode=1;profile-level-id=42e01f"<script>',
    );
    const answer = writeClientAnswer(readClientOffer(noise, 'H264'), MEDIA, LOCAL);
    expect(answer).not.toContain('script');
  });
});

describe('a candidate of a client', () => {
  it('[DIR-42] is written anew from its address, port and kind', () => {
    const line =
      'candidate:842163049 1 udp 1677729535 203.0.113.7 46154 typ srflx raddr 0.0.0.0 rport 0';
    const written = 'candidate:1 1 UDP 1677729535 203.0.113.7 46154 typ srflx';
    expect(readCandidate(line)).toEqual([written]);
    expect(readCandidate(`a=${line}`)).toEqual([written]);
    expect(readCandidate('candidate:1 1 UDP 5 2001:db8::1 9 typ host')).toHaveLength(1);
  });

  it.each([
    '',
    'candidate:1 1 udp 5 8f4b2c.local 5000 typ host',
    'candidate:1 1 tcp 5 203.0.113.7 9 typ host tcptype active',
    'candidate:1 2 udp 5 203.0.113.7 5000 typ host',
    'candidate:1 1 udp 5 203.0.113.7 0 typ host',
    'candidate:1 1 udp 5 999.0.113.7 5000 typ host',
    'x'.repeat(2_000),
  ])('[DIR-42] that has no address, or is no UDP, is left out: %s', (line) => {
    expect(readCandidate(line)).toEqual([]);
  });
});
