import type { PeerTransport } from './peer-transport.ts';

/** What is published. */
export interface OfferedMedia {
  readonly codec: 'H264' | 'VP8';
  readonly videoSsrc: number;
  /** null: no sound. */
  readonly audioSsrc: number | null;
  readonly cname: string;
}

const OPUS = 111;
const VIDEO_TYPES = { H264: 102, VP8: 96 } as const;
export const TRANSPORT_CC_ID = 3;
const PLAYOUT_DELAY_ID = 4;
export const TRANSPORT_CC_URI =
  'http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01';
/** How long receivers may hold a picture back: Chromium shows those of "0 to 0" once decoded. */
export const PLAYOUT_DELAY_URI = 'http://www.webrtc.org/experiments/rtp-hdrext/playout-delay';

/** A WHIP offer of one picture and perhaps one sound, bundled, all candidates in it. */
export function writeOffer(media: OfferedMedia, transport: PeerTransport): string {
  const sections = [
    ...(media.audioSsrc === null ? [] : [audioLines(media, media.audioSsrc)]),
    videoLines(media),
  ];
  const lines = [
    'v=0',
    'o=- 1 1 IN IP4 127.0.0.1',
    's=-',
    't=0 0',
    `a=group:BUNDLE ${sections.map((_, index) => index).join(' ')}`,
    'a=msid-semantic: WMS *',
    ...sections.flatMap(([media = '', ...attributes], index) => [
      media,
      'c=IN IP4 0.0.0.0',
      `a=ice-ufrag:${transport.ufrag}`,
      `a=ice-pwd:${transport.pwd}`,
      `a=fingerprint:${transport.fingerprint}`,
      'a=setup:actpass',
      `a=mid:${index}`,
      `a=extmap:${TRANSPORT_CC_ID} ${TRANSPORT_CC_URI}`,
      'a=sendonly',
      'a=rtcp-mux',
      'a=rtcp-rsize',
      ...attributes,
      ...(index === 0 ? [...transport.candidates, 'a=end-of-candidates'] : []),
    ]),
  ];
  return `${lines.join('\r\n')}\r\n`;
}

function audioLines(media: OfferedMedia, ssrc: number): string[] {
  return [
    `m=audio 9 UDP/TLS/RTP/SAVPF ${OPUS}`,
    `a=rtpmap:${OPUS} opus/48000/2`,
    `a=rtcp-fb:${OPUS} transport-cc`,
    `a=fmtp:${OPUS} minptime=10;useinbandfec=1`,
    ...ssrcLines(ssrc, media.cname, 'audio'),
  ];
}

function videoLines({ codec, videoSsrc, cname }: OfferedMedia): string[] {
  const type = VIDEO_TYPES[codec];
  return [
    `m=video 9 UDP/TLS/RTP/SAVPF ${type}`,
    `a=extmap:${PLAYOUT_DELAY_ID} ${PLAYOUT_DELAY_URI}`,
    `a=rtpmap:${type} ${codec}/90000`,
    ...['goog-remb', 'transport-cc', 'ccm fir', 'nack', 'nack pli'].map(
      (feedback) => `a=rtcp-fb:${type} ${feedback}`,
    ),
    ...(codec === 'H264'
      ? [`a=fmtp:${type} level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42e01f`]
      : []),
    ...ssrcLines(videoSsrc, cname, 'video'),
  ];
}

/** SRS 6 knows a track by the msid here and answers an SSRC without one with no m-line at all. */
function ssrcLines(ssrc: number, cname: string, track: string): string[] {
  return [`a=ssrc:${ssrc} cname:${cname}`, `a=ssrc:${ssrc} msid:${cname} ${track}`];
}
