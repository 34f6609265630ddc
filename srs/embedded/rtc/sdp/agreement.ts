import type { CodecChoice, MediaKind } from '../../media.ts';
import { MediaError } from '../../media.ts';
import type { VideoCodec } from '../codec.ts';
import { LAYERED_CODECS, VIDEO_CODECS } from '../codec.ts';
import type { Offer, OfferedCodec, OfferSection, RemoteTransport } from './offer.ts';
import type { AgreedLayers } from './simulcast.ts';

/** An accepted m-line with the codecs that the answer names, best first. */
export interface AgreedTrack {
  readonly kind: 'audio' | 'video';
  readonly section: OfferSection;
  readonly codecs: readonly OfferedCodec[];
  /** The publisher's layers; null when it sends one encoding. */
  readonly layers: AgreedLayers | null;
}

/** What engine and client have in common. */
export interface Agreement {
  readonly kind: MediaKind;
  readonly offer: Offer;
  readonly audio: AgreedTrack | null;
  readonly video: AgreedTrack | null;
  readonly transport: RemoteTransport;
}

export interface Wish {
  readonly kind: MediaKind;
  readonly codec: CodecChoice;
  /** The video codec on the stream now, which a viewer has to understand. */
  readonly live: VideoCodec | null;
}

const refuse = (message: string): never => {
  throw new MediaError(5018, message);
};

/** Decides what of an offer is served. @throws MediaError 5018 when nothing, or not enough, can. */
export const agree = (offer: Offer, wish: Wish): Agreement => {
  const audio = firstUsable(offer, 'audio', wish);
  const video = firstUsable(offer, 'video', wish);
  const accepted = [audio, video].filter((section) => section !== null);
  const [first] = accepted;
  if (first === undefined) return refuse('no audio or video to serve');
  if (accepted.length > 1 && offer.bundle === null) return refuse('BUNDLE is required');
  if (accepted.some((section) => !section.rtcpMux)) return refuse('rtcp-mux is required');
  const transport = bundledTransport(offer, accepted);
  return {
    kind: wish.kind,
    offer,
    audio: audio && { kind: 'audio', section: audio, codecs: chooseAudio(audio), layers: null },
    video: video && {
      kind: 'video',
      section: video,
      codecs: chooseVideo(video, wish),
      layers: wish.kind === 'publish' ? video.layers : null,
    },
    transport: transport ?? refuse('ice or dtls attributes are missing or malformed'),
  };
};

/** The first m-line of its kind that is meant for us; a second one is answered as rejected. */
const firstUsable = (offer: Offer, kind: 'audio' | 'video', wish: Wish): OfferSection | null => {
  const wrong = wish.kind === 'publish' ? 'recvonly' : 'sendonly';
  for (const section of offer.sections) {
    if (section.kind !== kind || section.disabled || section.direction === 'inactive') continue;
    if (section.direction === wrong) return refuse(`${kind} is ${wrong} in a ${wish.kind} offer`);
    if (!/^(?:UDP\/TLS\/)?RTP\/SAVPF?$/.test(section.protocol)) continue;
    // FFmpeg's BUNDLE names mids that do not exist; ours must be among them.
    if (offer.bundle !== null && !offer.bundle.includes(section.mid ?? '')) continue;
    return section;
  }
  return null;
};

/** RFC 9143 §7.1.3: the first bundled m-line may carry the transport for all. */
const bundledTransport = (
  offer: Offer,
  accepted: readonly OfferSection[],
): RemoteTransport | null => {
  for (const section of [...accepted, ...offer.sections]) {
    if (section.transport !== null) return section.transport;
  }
  return null;
};

const chooseAudio = (section: OfferSection): readonly OfferedCodec[] => {
  const opus = section.codecs.find(({ codec }) => codec === 'Opus');
  return opus === undefined ? refuse('audio without Opus') : [opus];
};

const chooseVideo = (section: OfferSection, wish: Wish): readonly OfferedCodec[] => {
  const layered = wish.kind === 'publish' && section.layers !== null;
  const usable = layered ? LAYERED_CODECS : VIDEO_CODECS;
  const offered = usable.flatMap((codec) => bestOf(section, codec) ?? []);
  const wanted = offered.find(({ codec }) => codec.toLowerCase() === wish.codec);
  if (wish.kind === 'publish') {
    const [chosen] = wanted === undefined ? offered : [wanted];
    return chosen === undefined ? refuse('no common video codec') : [chosen];
  }
  const live = offered.find(({ codec }) => codec === wish.live);
  if (wish.live !== null && live === undefined) {
    return refuse(`the stream is ${wish.live}, which the offer lacks`);
  }
  if (offered.length === 0) return refuse('no common video codec');
  const head = live ?? wanted;
  return head === undefined ? offered : [head, ...offered.filter((codec) => codec !== head)];
};

/** The payload type of `codec` that most decoders and encoders agree on. */
const bestOf = (section: OfferSection, codec: VideoCodec): OfferedCodec | undefined =>
  section.codecs
    .filter((offered) => offered.codec === codec)
    .reduce<OfferedCodec | undefined>(
      (best, offered) => (best === undefined || rank(offered) > rank(best) ? offered : best),
      undefined,
    );

const rank = ({ codec, fmtp }: OfferedCodec): number => {
  const parameters = (fmtp ?? '').toLowerCase();
  if (codec === 'H264') {
    const mode = parameters.includes('packetization-mode=1') ? 4 : 0;
    if (parameters.includes('profile-level-id=42e0')) return mode + 2;
    return parameters.includes('profile-level-id=42') ? mode + 1 : mode;
  }
  // Profile 0 is the 8-bit 4:2:0 that every decoder has; it is also the default.
  return /profile(?:-id)?=[1-9]/.test(parameters) ? 0 : 1;
};
