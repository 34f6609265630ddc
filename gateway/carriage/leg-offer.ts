import type { LocalTransport } from '../../native/local-transport.ts';
import type { SourceMedia, VideoCodec } from '../sdp/upstream-offer.ts';
import type { Leg } from './messages.ts';

/** One number for each, the same in both offers: so RTP can be passed on untouched. */
const OPUS = 111;
const VIDEO: Readonly<Record<VideoCodec, { type: number; name: string; fmtp: string | null }>> = {
  h264: {
    type: 102,
    name: 'H264/90000',
    fmtp: 'level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42e01f',
  },
  vp8: { type: 96, name: 'VP8/90000', fmtp: null },
  vp9: { type: 98, name: 'VP9/90000', fmtp: 'profile-id=0' },
  av1: { type: 45, name: 'AV1/90000', fmtp: 'level-idx=5;profile=0;tier=0' },
  h265: { type: 49, name: 'H265/90000', fmtp: null },
};
const PLAYOUT_DELAY = 'a=extmap:6 http://www.webrtc.org/experiments/rtp-hdrext/playout-delay';

/** The streams that the node with the source sends; null where it has no such medium. */
export interface LegStreams {
  readonly audio: number | null;
  readonly video: number | null;
}

/**
 * The offer of a leg: to play what a source has, or to publish it under the numbers by which it comes.
 * Without RTX and bandwidth feedback: the publisher adapts to the node that it sends to.
 */
export function legOffer(
  leg: Leg,
  given: {
    readonly transport: LocalTransport;
    readonly media: SourceMedia;
    /** Of `push` alone. */
    readonly streams?: LegStreams;
  },
): string {
  const { transport, media, streams } = given;
  const video = media.video === null ? null : VIDEO[media.video];
  const sections = [
    ...(media.audio === null ? [] : [opusLines(streams?.audio ?? null)]),
    ...(video === null ? [] : [videoLines(video, streams?.video ?? null)]),
  ];
  return [
    'v=0',
    'o=- 1 1 IN IP4 127.0.0.1',
    's=-',
    't=0 0',
    `a=group:BUNDLE ${sections.map((_, index) => index).join(' ')}`,
    ...sections.flatMap(([head = '', ...lines], index) => [
      head,
      'c=IN IP4 0.0.0.0',
      `a=mid:${index}`,
      `a=${leg === 'pull' ? 'recvonly' : 'sendonly'}`,
      'a=rtcp-mux',
      'a=rtcp-rsize',
      `a=ice-ufrag:${transport.ufrag}`,
      `a=ice-pwd:${transport.pwd}`,
      `a=fingerprint:${transport.fingerprint}`,
      'a=setup:actpass',
      ...lines,
    ]),
    '',
  ].join('\r\n');
}

const opusLines = (ssrc: number | null): string[] => [
  `m=audio 9 UDP/TLS/RTP/SAVPF ${OPUS}`,
  `a=rtpmap:${OPUS} opus/48000/2`,
  `a=fmtp:${OPUS} minptime=10;useinbandfec=1`,
  ...streamLines(ssrc, 'audio'),
];

const videoLines = (
  { type, name, fmtp }: (typeof VIDEO)[VideoCodec],
  ssrc: number | null,
): string[] => [
  `m=video 9 UDP/TLS/RTP/SAVPF ${type}`,
  `a=rtpmap:${type} ${name}`,
  ...['nack', 'nack pli', 'ccm fir'].map((value) => `a=rtcp-fb:${type} ${value}`),
  ...(fmtp === null ? [] : [`a=fmtp:${type} ${fmtp}`]),
  PLAYOUT_DELAY,
  ...streamLines(ssrc, 'video'),
];

/** SRS 6 makes no track of an SSRC without a track name in its msid. */
const streamLines = (ssrc: number | null, track: string): string[] =>
  ssrc === null ? [] : [`a=ssrc:${ssrc} cname:pixelcast`, `a=ssrc:${ssrc} msid:pixelcast ${track}`];
