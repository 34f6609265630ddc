import { GatewayError } from '../errors.ts';
import { CODEC_TITLES, isVideoCodec, type VideoCodec } from './codec.ts';
import { toMedia, toRids, writeDescription } from './description.ts';
import type { OfferSection } from './offer-section.ts';
import type { Offer } from './offer.ts';
import { parameter, withRetransmission, type Payload } from './payload.ts';

export type { VideoCodec } from './codec.ts';

/** What a node can take and give. */
export interface NodeCodecs {
  /** In the order of preference. */
  readonly video: readonly VideoCodec[];
  readonly audio: readonly 'opus'[];
  /** Those of which it takes simulcast and gives each viewer one layer; none on SRS. */
  readonly layered: readonly VideoCodec[];
  /** SRS makes a track only of `a=ssrc` lines; without them a publish is silent for 30 s. */
  readonly ssrcRequired: boolean;
  /**
   * Whether a viewer may ask for sound that the source lacks now. SRS 6 leaves an absent medium's
   * m-line out of the answer, 7.0.128 refuses the whole offer (5018).
   */
  readonly servesAbsentAudio: boolean;
}

/** What a source is live with; null where it has no such medium. */
export interface SourceMedia {
  readonly video: VideoCodec | null;
  readonly audio: 'opus' | null;
}

/** What is sent to a node, and what its answer settles if it takes all of that. */
export interface UpstreamOffer {
  readonly sdp: string;
  /** The video codec to ask the node for; null: no video. */
  readonly codec: VideoCodec | null;
  readonly audio: 'opus' | null;
  /** The client's name for its video m-line; null without video. */
  readonly videoMid: string | null;
}

/**
 * The offer that a node gets in place of the client's: written anew from what was understood,
 * reduced to what the node can do and, for a viewer, to what the source has.
 */
export function toUpstreamOffer(
  offer: Offer,
  node: NodeCodecs,
  source?: SourceMedia,
): UpstreamOffer {
  const sections: { section: OfferSection; payloads: readonly Payload[] }[] = [];
  let codec: VideoCodec | null = null;
  const isAbsent = (section: OfferSection): boolean =>
    offer.kind === 'watch' &&
    // A browser starts no player whose picture never comes: nothing would be heard
    (section.media === 'video' || !node.servesAbsentAudio) &&
    source?.[section.media as keyof SourceMedia] === null;
  for (const section of offer.sections.filter(({ forwarded }) => forwarded)) {
    if (isAbsent(section)) continue;
    const payloads =
      section.media === 'audio'
        ? chooseAudio(section, offer, node)
        : chooseVideo(section, offer, node, source?.video ?? undefined);
    if (payloads.length === 0) continue;
    if (offer.kind === 'publish' && node.ssrcRequired && section.ssrc === null) {
      throw new GatewayError(
        'offer-unacceptable',
        `The ${section.media} m-line has no a=ssrc line, and this media server finds a track by it; ` +
          'publish with a client that signals its SSRCs (a browser, OBS, FFmpeg).',
      );
    }
    sections.push({ section, payloads });
    const first = payloads[0]?.codec;
    if (first !== undefined && isVideoCodec(first)) codec = first;
  }
  if (sections.length === 0) {
    throw new GatewayError(
      'codec-unsupported',
      'This source has nothing that this player asks for.',
    );
  }
  const sdp = writeDescription({
    media: sections.map((each) => toUpstreamMedia(offer, each.section, each.payloads)),
    bundle: sections.map(({ section }) => section.upstreamMid),
    iceLite: false,
  });
  const served = (media: string): OfferSection | undefined =>
    sections.find(({ section }) => section.media === media)?.section;
  const audio = served('audio') === undefined ? null : 'opus';
  return { sdp, codec, audio, videoMid: served('video')?.mid ?? null };
}

function chooseAudio(section: OfferSection, offer: Offer, node: NodeCodecs): readonly Payload[] {
  const payloads = section.payloads.filter(({ codec }) => codec === 'opus');
  if (node.audio.includes('opus') && payloads.length > 0) return payloads;
  // a player without Opus still gets its picture; a publish is served whole or not at all (WHIP-09)
  if (offer.kind === 'watch') return [];
  throw new GatewayError('codec-unsupported', 'The audio m-line has no Opus; publish Opus.');
}

function chooseVideo(
  section: OfferSection,
  offer: Offer,
  node: NodeCodecs,
  wanted: VideoCodec | undefined,
): readonly Payload[] {
  const offered = new Set(section.payloads.map(({ codec }) => codec).filter(isVideoCodec));
  if (offer.kind === 'publish') {
    const codec =
      section.layers === null
        ? choosePublished(offered, node)
        : chooseLayered(offered, node.layered);
    return withRetransmission(ofCodec(section, codec), section.payloads);
  }
  if (wanted !== undefined && !offered.has(wanted)) {
    throw new GatewayError(
      'codec-unsupported',
      `This source is sent as ${CODEC_TITLES[wanted]}, which this player does not offer.`,
    );
  }
  const preferred = wanted ?? 'h264';
  const order = [preferred, ...node.video.filter((codec) => codec !== preferred)].filter(
    (codec) => codec === wanted || node.video.includes(codec),
  );
  const payloads = order.flatMap((codec) => ofCodec(section, codec));
  if (payloads.length === 0) refuseVideo(node, 'play');
  return payloads;
}

/** H.264 before all, since every viewer plays it; else what the client prefers. */
function choosePublished(offered: ReadonlySet<VideoCodec>, node: NodeCodecs): VideoCodec {
  if (offered.has('h264') && node.video.includes('h264')) return 'h264';
  for (const codec of offered) if (node.video.includes(codec)) return codec;
  return refuseVideo(node, 'publish');
}

/** RFC 8853 §5.3.2 and WHIP-20: all layers are received, or the offer is refused. */
function chooseLayered(
  offered: ReadonlySet<VideoCodec>,
  layered: readonly VideoCodec[],
): VideoCodec {
  const codec = layered.find((each) => offered.has(each));
  if (codec !== undefined) return codec;
  const titles = layered.map((each) => CODEC_TITLES[each]).join(' or ');
  throw new GatewayError(
    'simulcast-unsupported',
    layered.length === 0
      ? 'The offer has simulcast layers; publish one encoding per track.'
      : `Simulcast layers are served with ${titles} only; publish one encoding per track.`,
  );
}

function refuseVideo(node: NodeCodecs, verb: 'publish' | 'play'): never {
  const titles = node.video.map((codec) => CODEC_TITLES[codec]).join(' or ');
  throw new GatewayError(
    'codec-unsupported',
    `The offer has no video codec of this media server; ${verb} ${titles}.`,
  );
}

/** SRS takes the first `42e01f` in whatever mode, so mode 0 stays behind where mode 1 is offered. */
function ofCodec(section: OfferSection, codec: VideoCodec): readonly Payload[] {
  const payloads = section.payloads.filter((payload) => payload.codec === codec);
  const modeOne = payloads.filter((payload) => parameter(payload, 'packetization-mode') === '1');
  if (codec !== 'h264') return payloads;
  return (modeOne.length > 0 ? modeOne : payloads).toSorted((a, b) => rank(a) - rank(b));
}

/** Constrained baseline is what every decoder has. */
function rank(payload: Payload): number {
  const profile = parameter(payload, 'profile-level-id') ?? '';
  if (profile.startsWith('42e0')) return 0;
  return profile.startsWith('42') ? 1 : 2;
}

function toUpstreamMedia(offer: Offer, section: OfferSection, payloads: readonly Payload[]) {
  const publishes = offer.kind === 'publish';
  const media = toMedia({
    ...section,
    mid: section.upstreamMid,
    protocol: 'UDP/TLS/RTP/SAVPF',
    direction: publishes ? 'sendonly' : 'recvonly',
    transport: offer,
    payloads,
  });
  const repairs = payloads.some(({ codec }) => codec === 'rtx');
  const { rids = [], group = [] } = section.layers ?? {};
  if (rids.length > 0) return { ...media, ...toRids(rids, 'send') };
  const sources = group.length > 0 ? group : section.ssrc === null ? [] : [section.ssrc];
  if (!publishes || sources.length === 0) return media;
  const pairs = sources.map(({ primary, retransmission }) =>
    repairs && retransmission !== null ? [primary, retransmission] : [primary],
  );
  // SRS 6 makes no track of an SSRC without a track name in its msid
  media.ssrcs = pairs.flat().flatMap((id) => [
    { id, attribute: 'cname', value: 'publisher' },
    { id, attribute: 'msid', value: `publisher ${section.media}` },
  ]);
  const groups = pairs
    .filter((ids) => ids.length > 1)
    .map((ids) => ({ semantics: 'FID', ssrcs: ids.join(' ') }));
  if (group.length > 0) {
    groups.unshift({ semantics: 'SIM', ssrcs: group.map(({ primary }) => primary).join(' ') });
  }
  if (groups.length > 0) media.ssrcGroups = groups;
  return media;
}
