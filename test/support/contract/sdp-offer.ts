export type OfferKind = 'publish' | 'play';
export type OfferVideo = 'H264' | 'VP8' | 'VP9' | 'AV1';

export interface OfferShape {
  readonly audio?: boolean;
  /** Codecs of the video section, best first; an empty list leaves the section out. */
  readonly video?: readonly OfferVideo[];
  readonly dataChannel?: boolean;
  readonly bundle?: boolean;
  readonly rtcpMux?: boolean;
  readonly direction?: 'sendonly' | 'recvonly' | 'sendrecv';
  readonly iceUfrag?: string;
}

const VIDEO_LINES: Readonly<Record<OfferVideo, readonly string[]>> = {
  H264: [
    'a=rtpmap:102 H264/90000',
    ...feedback(102),
    'a=fmtp:102 level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42001f',
    'a=rtpmap:103 rtx/90000',
    'a=fmtp:103 apt=102',
    'a=rtpmap:108 H264/90000',
    ...feedback(108),
    'a=fmtp:108 level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42e01f',
    'a=rtpmap:109 rtx/90000',
    'a=fmtp:109 apt=108',
  ],
  VP8: ['a=rtpmap:96 VP8/90000', ...feedback(96), 'a=rtpmap:97 rtx/90000', 'a=fmtp:97 apt=96'],
  VP9: [
    'a=rtpmap:98 VP9/90000',
    ...feedback(98),
    'a=fmtp:98 profile-id=0',
    'a=rtpmap:99 rtx/90000',
    'a=fmtp:99 apt=98',
  ],
  AV1: [
    'a=rtpmap:45 AV1/90000',
    ...feedback(45),
    'a=fmtp:45 level-idx=5;profile=0;tier=0',
    'a=rtpmap:46 rtx/90000',
    'a=fmtp:46 apt=45',
  ],
};

/** An offer as Chromium 156 writes it, without the codecs that no case needs. It never connects. */
export function anOffer(kind: OfferKind, shape: OfferShape = {}): string {
  const { audio = true, video = ['VP8', 'VP9', 'H264', 'AV1'], dataChannel = false } = shape;
  const sections = [
    ...(audio ? [audioSection] : []),
    ...(video.length > 0 ? [videoSection(video)] : []),
    ...(dataChannel ? [dataSection] : []),
  ].map((section, mid) => section(kind, mid, shape));
  const bundle = sections.map((_, mid) => mid).join(' ');
  return lines([
    'v=0',
    'o=- 3099168023517617357 2 IN IP4 127.0.0.1',
    's=-',
    't=0 0',
    ...(shape.bundle === false ? [] : [`a=group:BUNDLE ${bundle}`]),
    'a=extmap-allow-mixed',
    'a=msid-semantic: WMS s0',
    ...sections.flat(),
  ]);
}

/** Before 7.0.126 SRS drops a track whose `a=ssrc` lines name no msid. */
export function withMsid(offer: string): string {
  return offer.replace(/^(a=ssrc:\d+) cname:.*$/gm, '$&\n$1 msid:s0 t0');
}

type Section = (kind: OfferKind, mid: number, shape: OfferShape) => string[];

const audioSection: Section = (kind, mid, shape) => [
  'm=audio 34202 UDP/TLS/RTP/SAVPF 111 0 8',
  ...transport(kind, mid, shape),
  'a=extmap:3 http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01',
  'a=rtpmap:111 opus/48000/2',
  'a=rtcp-fb:111 transport-cc',
  'a=fmtp:111 minptime=10;useinbandfec=1',
  'a=rtpmap:0 PCMU/8000',
  'a=rtpmap:8 PCMA/8000',
  ...source(kind, 3319829991, 'a0'),
];

const videoSection =
  (codecs: readonly OfferVideo[]): Section =>
  (kind, mid, shape) => {
    const body = codecs.flatMap((codec) => VIDEO_LINES[codec]);
    const payloads = body.flatMap((line) => /^a=rtpmap:(\d+) /.exec(line)?.[1] ?? []);
    return [
      `m=video 53797 UDP/TLS/RTP/SAVPF ${payloads.join(' ')}`,
      ...transport(kind, mid, shape),
      'a=extmap:3 http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01',
      ...body,
      ...source(kind, 1425698374, 'v0'),
    ];
  };

const dataSection: Section = (_kind, mid, shape) => [
  'm=application 9 UDP/DTLS/SCTP webrtc-datachannel',
  ...ice(mid, shape),
  'a=sctp-port:5000',
  'a=max-message-size:262144',
];

function transport(kind: OfferKind, mid: number, shape: OfferShape): string[] {
  return [
    ...ice(mid, shape),
    `a=${shape.direction ?? (kind === 'publish' ? 'sendonly' : 'recvonly')}`,
    ...(shape.rtcpMux === false ? [] : ['a=rtcp-mux', 'a=rtcp-rsize']),
  ];
}

function ice(mid: number, { iceUfrag = 'O0qB' }: OfferShape): string[] {
  return [
    'c=IN IP4 192.0.2.2',
    'a=candidate:2756736960 1 udp 2122194687 192.0.2.2 34202 typ host generation 0 network-id 1',
    `a=ice-ufrag:${iceUfrag}`,
    'a=ice-pwd:tagtc/ajkRT475r7lZA0mrU+',
    'a=ice-options:trickle',
    'a=fingerprint:sha-256 8A:53:84:5A:EF:ED:BB:45:95:54:6B:54:AF:D7:84:AD:D2:17:C8:D4:FF:01:3F:BA:AE:15:5A:1C:D0:4C:44:56',
    'a=setup:actpass',
    `a=mid:${mid}`,
  ];
}

function source(kind: OfferKind, ssrc: number, track: string): string[] {
  if (kind === 'play') return [];
  return [
    `a=msid:s0 ${track}`,
    `a=ssrc:${ssrc} cname:5Ppiztsq9Sx1JWhr`,
    `a=ssrc:${ssrc} msid:s0 ${track}`,
  ];
}

function feedback(payload: number): string[] {
  const kinds = ['goog-remb', 'transport-cc', 'ccm fir', 'nack', 'nack pli'];
  return kinds.map((kind) => `a=rtcp-fb:${payload} ${kind}`);
}

const lines = (all: readonly string[]): string => all.map((line) => `${line}\r\n`).join('');
