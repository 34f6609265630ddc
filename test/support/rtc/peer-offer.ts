import type { VideoCodec } from '../../../srs/embedded/rtc/codec.ts';
import type { PeerTransport } from './pipe-peer.ts';

/** Payload types of the test peers' offers; RTX is the codec's number plus one. */
export const PAYLOAD_TYPES = { Opus: 111, H264: 102, VP8: 96, VP9: 98, AV1: 45 } as const;
export const TRANSPORT_CC_ID = 3;

/** What an offer of a test peer holds. */
export interface PeerOffer {
  readonly direction: 'sendonly' | 'recvonly';
  readonly videoCodecs: readonly VideoCodec[];
  readonly audio: boolean;
  /** SSRCs to announce; absent: none, as GStreamer and simulcast clients do. */
  readonly ssrcs?: { readonly audio: number; readonly video: number; readonly rtx: number };
  readonly rtx?: boolean;
  readonly transportCc?: boolean;
  readonly setup?: 'actpass' | 'active' | 'passive';
}

const FMTP: Readonly<Record<VideoCodec, string | null>> = {
  H264: 'level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42e01f',
  VP8: null,
  VP9: 'profile-id=0',
  AV1: 'level-idx=5;profile=0;tier=0',
};

/** A WHIP or WHEP offer in the order of browsers: audio, then video. */
export const writePeerOffer = (offer: PeerOffer, transport: PeerTransport): string => {
  const sections = [
    ...(offer.audio ? [audioLines(offer)] : []),
    ...(offer.videoCodecs.length > 0 ? [videoLines(offer)] : []),
  ];
  const extension = `a=extmap:${TRANSPORT_CC_ID} http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01`;
  const lines = [
    'v=0',
    'o=- 42 2 IN IP4 127.0.0.1',
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
      `a=setup:${offer.setup ?? 'actpass'}`,
      `a=mid:${index}`,
      ...(offer.transportCc === true ? [extension] : []),
      `a=${offer.direction}`,
      'a=rtcp-mux',
      'a=rtcp-rsize',
      ...attributes,
      ...(index === 0 ? [...transport.candidates, 'a=end-of-candidates'] : []),
    ]),
  ];
  return `${lines.join('\r\n')}\r\n`;
};

const audioLines = (offer: PeerOffer): string[] => [
  `m=audio 9 UDP/TLS/RTP/SAVPF ${PAYLOAD_TYPES.Opus}`,
  `a=rtpmap:${PAYLOAD_TYPES.Opus} opus/48000/2`,
  ...(offer.transportCc === true ? [`a=rtcp-fb:${PAYLOAD_TYPES.Opus} transport-cc`] : []),
  `a=fmtp:${PAYLOAD_TYPES.Opus} minptime=10;useinbandfec=1`,
  ...(offer.ssrcs === undefined ? [] : ssrcLines(offer.ssrcs.audio, 'audio')),
];

const videoLines = (offer: PeerOffer): string[] => {
  const rtx = offer.rtx === true;
  const payloadTypes = offer.videoCodecs.flatMap((codec) =>
    rtx ? [PAYLOAD_TYPES[codec], PAYLOAD_TYPES[codec] + 1] : [PAYLOAD_TYPES[codec]],
  );
  return [
    `m=video 9 UDP/TLS/RTP/SAVPF ${payloadTypes.join(' ')}`,
    ...offer.videoCodecs.flatMap((codec) => {
      const pt = PAYLOAD_TYPES[codec];
      const feedback = ['goog-remb', 'ccm fir', 'nack', 'nack pli'];
      if (offer.transportCc === true) feedback.push('transport-cc');
      return [
        `a=rtpmap:${pt} ${codec}/90000`,
        ...feedback.map((value) => `a=rtcp-fb:${pt} ${value}`),
        ...(FMTP[codec] === null ? [] : [`a=fmtp:${pt} ${FMTP[codec]}`]),
        ...(rtx ? [`a=rtpmap:${pt + 1} rtx/90000`, `a=fmtp:${pt + 1} apt=${pt}`] : []),
      ];
    }),
    ...(offer.ssrcs === undefined ? [] : ssrcLines(offer.ssrcs.video, 'video')),
    ...(offer.ssrcs === undefined || !rtx
      ? []
      : [
          `a=ssrc-group:FID ${offer.ssrcs.video} ${offer.ssrcs.rtx}`,
          ...ssrcLines(offer.ssrcs.rtx, 'video'),
        ]),
  ];
};

/** SRS 6 knows a track by the msid here and answers an SSRC without one with no m-line at all. */
const ssrcLines = (ssrc: number, track: string): string[] => [
  `a=ssrc:${ssrc} cname:test-peer`,
  `a=ssrc:${ssrc} msid:test-stream ${track}`,
];
