import fc from 'fast-check';

export type OfferKind = 'publish' | 'watch';

/** An offer that must be accepted, and what it says where a test has to know. */
export interface ValidOffer {
  readonly kind: OfferKind;
  readonly sdp: string;
  /** `audio 0`, one for each m-line, in its order. */
  readonly media: readonly string[];
}

/** Offers of the shapes that clients write (whip-whep §4.1), with everything free that is free. */
export function validOffers(kind: OfferKind): fc.Arbitrary<ValidOffer> {
  return fc
    .record({
      media: fc.constantFrom(
        ...([['audio'], ['video'], ['audio', 'video'], ['video', 'audio']] as const),
      ),
      data: fc.option(fc.constantFrom('first', 'last'), { nil: null }),
      mids: fc.uniqueArray(fc.stringMatching(/^[!#$%&'*+.^_`{|}~A-Za-z0-9-]{1,32}$/), {
        minLength: 4,
        maxLength: 4,
      }),
      transport: transports,
      sessionLevel: fc.boolean(),
      direction: fc.constantFrom(kind === 'publish' ? 'sendonly' : 'recvonly', 'sendrecv', null),
      audio: codecSets(AUDIO, 'opus'),
      video: codecSets(VIDEO, 'H264'),
      lsGroup: fc.boolean(),
      strangerInBundle: fc.boolean(),
      lineEnd: fc.constantFrom('\r\n', '\n'),
      msid: fc.boolean(),
      ssrc: fc.integer({ min: 1, max: 0xffff_fff0 }),
      noise: fc.array(harmless, { maxLength: 6 }),
      name: fc.constantFrom('-', 'name', '画面 präsentation'),
    })
    .map((plan) => write(kind, plan));
}

interface Plan {
  readonly media: readonly ('audio' | 'video')[];
  readonly data: 'first' | 'last' | null;
  readonly mids: readonly string[];
  readonly transport: readonly string[];
  readonly sessionLevel: boolean;
  readonly direction: string | null;
  readonly audio: readonly CodecChoice[];
  readonly video: readonly CodecChoice[];
  readonly lsGroup: boolean;
  readonly strangerInBundle: boolean;
  readonly lineEnd: string;
  readonly msid: boolean;
  readonly ssrc: number;
  readonly noise: readonly string[];
  readonly name: string;
}

function write(kind: OfferKind, plan: Plan): ValidOffer {
  const medias: ('audio' | 'video' | 'application')[] = [...plan.media];
  if (plan.data === 'first') medias.unshift('application');
  if (plan.data === 'last') medias.push('application');
  const mids = plan.mids.slice(0, medias.length);
  const bundle = [...mids, ...(plan.strangerInBundle ? [plan.mids[3] ?? ''] : [])];
  const lines = [
    'v=0',
    'o=- 1 1 IN IP4 127.0.0.1',
    `s=${plan.name}`,
    't=0 0',
    `a=group:BUNDLE ${bundle.join(' ')}`,
    ...(plan.lsGroup ? [`a=group:LS ${mids.join(' ')}`] : []),
    ...(plan.sessionLevel ? plan.transport : []),
    ...medias.flatMap((media, index) => section(kind, plan, media, mids[index] ?? '')),
  ];
  return {
    kind,
    sdp: lines.map((line) => line + plan.lineEnd).join(''),
    media: medias.map((media, index) => `${media} ${mids[index] ?? ''}`),
  };
}

function section(kind: OfferKind, plan: Plan, media: string, mid: string): string[] {
  const common = [`a=mid:${mid}`, ...(plan.sessionLevel ? [] : plan.transport)];
  if (media === 'application') {
    return ['m=application 9 UDP/DTLS/SCTP webrtc-datachannel', ...common, 'a=sctp-port:5000'];
  }
  const codecs = media === 'audio' ? plan.audio : plan.video;
  const types = codecs.flatMap(({ type, rtx }) => (rtx === null ? [type] : [type, rtx]));
  return [
    `m=${media} 9 UDP/TLS/RTP/SAVPF ${types.join(' ')}`,
    'c=IN IP4 0.0.0.0',
    ...common,
    ...(plan.direction === null ? [] : [`a=${plan.direction}`]),
    'a=rtcp-mux',
    ...plan.noise,
    ...codecs.flatMap(describe),
    ...(kind === 'publish' ? source(plan, media) : []),
  ];
}

function source({ ssrc, msid }: Plan, media: string): string[] {
  const id = media === 'audio' ? ssrc : ssrc + 1;
  const named = msid ? [`a=msid:stream ${media}`, `a=ssrc:${id} msid:stream ${media}`] : [];
  return [...named, `a=ssrc:${id} cname:x`];
}

interface CodecChoice {
  readonly type: number;
  readonly rtx: number | null;
  readonly rtpmap: string;
  readonly fmtp: string | null;
}

function describe({ type, rtx, rtpmap, fmtp }: CodecChoice): string[] {
  return [
    `a=rtpmap:${type} ${rtpmap}`,
    `a=rtcp-fb:${type} nack pli`,
    ...(fmtp === null ? [] : [`a=fmtp:${type} ${fmtp}`]),
    ...(rtx === null ? [] : [`a=rtpmap:${rtx} rtx/90000`, `a=fmtp:${rtx} apt=${type}`]),
  ];
}

/** Some of the codecs, each under numbers of its own, the one that every node has among them. */
function codecSets(
  all: Readonly<Record<string, readonly (string | null)[]>>,
  must: string,
): fc.Arbitrary<readonly CodecChoice[]> {
  const names = Object.keys(all);
  return fc
    .record({
      chosen: fc.shuffledSubarray(names.filter((name) => name !== must)),
      at: fc.nat(names.length),
      rtx: fc.boolean(),
      pick: fc.nat(),
      types: fc.uniqueArray(fc.integer({ min: 0, max: 127 }), {
        minLength: 2 * names.length,
        maxLength: 2 * names.length,
      }),
    })
    .map(({ chosen, at, rtx, pick, types }) =>
      chosen.toSpliced(at % (chosen.length + 1), 0, must).map((name, index) => ({
        type: types[2 * index] ?? 0,
        rtx: rtx && name in VIDEO ? (types[2 * index + 1] ?? 0) : null,
        rtpmap: RTPMAPS[name] ?? '',
        fmtp: all[name]?.[pick % all[name].length] ?? null,
      })),
    );
}

const RTPMAPS: Readonly<Record<string, string>> = {
  opus: 'opus/48000/2',
  PCMU: 'PCMU/8000',
  red: 'red/48000/2',
  'telephone-event': 'telephone-event/8000',
  H264: 'H264/90000',
  VP8: 'VP8/90000',
  VP9: 'VP9/90000',
  AV1: 'AV1/90000',
};

const AUDIO = {
  opus: ['minptime=10;useinbandfec=1', 'minptime=10; useinbandfec=1', null],
  PCMU: [null],
  red: ['111/111'],
  'telephone-event': ['0-15'],
};

const VIDEO = {
  H264: [
    'level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42e01f',
    'packetization-mode=0;profile-level-id=64001F',
    'profile-level-id=42001f',
    null,
  ],
  VP8: [null],
  VP9: ['profile-id=0', 'profile-id=2'],
  AV1: ['level-idx=5;profile=0;tier=0', null],
};

const iceCharacters = (minLength: number) =>
  fc.stringMatching(new RegExp(`^[A-Za-z0-9+/]{${minLength},40}$`));

const transports = fc
  .record({
    ufrag: iceCharacters(4),
    pwd: iceCharacters(22),
    bytes: fc.uint8Array({ minLength: 32, maxLength: 32 }),
    setup: fc.constantFrom('actpass', 'active', 'passive'),
  })
  .map(({ ufrag, pwd, bytes, setup }) => {
    const hash = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0').toUpperCase());
    return [
      `a=ice-ufrag:${ufrag}`,
      `a=ice-pwd:${pwd}`,
      `a=fingerprint:sha-256 ${hash.join(':')}`,
      `a=setup:${setup}`,
    ];
  });

/** Lines that a reader must step over. */
const harmless = fc.constantFrom(
  'a=ice-options:trickle',
  'a=rtcp:9 IN IP4 0.0.0.0',
  'a=rtcp-rsize',
  'a=extmap:3 http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01',
  'a=extmap:4 urn:ietf:params:rtp-hdrext:sdes:mid',
  'a=extmap:5 http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time',
  'a=candidate:1 1 udp 2122260223 192.0.2.7 54400 typ host generation 0',
  'a=candidate:2 1 udp 2122260223 3f1b.local 54400 typ host',
  'a=end-of-candidates',
  'a=x-unknown:value',
  'b=AS:2000',
);
