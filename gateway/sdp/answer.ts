import type { MediaDescription } from 'sdp-transform';
import { GatewayError } from '../errors.ts';
import type { SessionKind } from '../protocol/session-kind.ts';
import type { Candidate } from './candidate.ts';
import { isVideoCodec, type VideoCodec } from './codec.ts';
import { toMedia, toRejectedMedia, toRids, writeDescription } from './description.ts';
import { readNodeAnswer, type NodeAnswer, type NodeAnswerSection } from './node-answer.ts';
import type { OfferSection } from './offer-section.ts';
import type { Offer } from './offer.ts';
import type { Transport } from './transport.ts';

/** The answer for the client, and what was settled in it. */
export interface RepairedAnswer {
  readonly sdp: string;
  readonly video: VideoCodec | null;
  readonly audio: 'opus' | null;
  /** The mid of the video m-line that is served; null without one. */
  readonly videoMid: string | null;
  /** The node's ICE credentials. */
  readonly iceUfrag: string;
  readonly icePwd: string;
  /** As the client gets them. */
  readonly candidates: readonly Candidate[];
}

/**
 * The answer that a client gets in place of the node's: as many m-lines as it offered, in its order,
 * with its mids (D10), and nothing that names the node's software or streams. `mediaStreamId` is the
 * one MediaStream of a viewer. Throws `upstream-rejected` when the node's answer is no answer to
 * `offer`; the caller then deletes the session upstream.
 */
export function repairAnswer(
  answer: string,
  offer: Offer,
  {
    mediaStreamId,
    announce = (own) => own,
  }: {
    readonly mediaStreamId: string;
    /** What clients are told in place of the node's own candidates. */
    readonly announce?: (own: readonly Candidate[]) => readonly Candidate[];
  },
): RepairedAnswer {
  const { sections, candidates: own, iceLite } = readNodeAnswer(answer, offer);
  if (offer.kind === 'publish') refuseUnserved(offer, sections);
  const transport = [...sections.values()][0]?.transport;
  if (!transport) {
    throw new GatewayError('upstream-rejected', 'The media server serves nothing of the offer.');
  }
  const candidates = announce(own);
  const idle = findIdle(offer, sections);
  const isKept = (section: OfferSection) => section === idle || sections.has(section);
  const bundle = offer.bundle.filter((mid) =>
    offer.sections.some((section) => section.mid === mid && isKept(section)),
  );
  const tagged = offer.sections.find((section) =>
    bundle.length > 0 ? section.mid === bundle[0] : isKept(section),
  );
  const media = offer.sections.map((section) => {
    const answered = sections.get(section);
    const written = answered
      ? toAnswerMedia(section, answered, { kind: offer.kind, mediaStreamId })
      : section === idle
        ? toIdleMedia(section, transport)
        : toRejectedMedia(section);
    if (section !== tagged) return written;
    return {
      ...written,
      candidates: [...candidates],
      endOfCandidates: 'end-of-candidates' as const,
    };
  });
  const codecs = [...sections.values()].flatMap(({ payloads }) =>
    payloads.map((each) => each.codec),
  );
  return {
    sdp: writeDescription({ media, bundle, iceLite }),
    video: codecs.find(isVideoCodec) ?? null,
    audio: codecs.find((codec) => codec === 'opus') ?? null,
    videoMid: [...sections.keys()].find((section) => section.media === 'video')?.mid ?? null,
    iceUfrag: transport.ice.ufrag,
    icePwd: transport.ice.pwd,
    candidates,
  };
}

/** WHIP-09: a publish is served whole or not at all. */
function refuseUnserved(offer: Offer, answered: NodeAnswer['sections']): void {
  const unserved = offer.sections.find((section) => section.forwarded && !answered.has(section));
  if (!unserved) return;
  throw new GatewayError(
    unserved.media === 'video' ? 'codec-unsupported' : 'offer-unacceptable',
    `The media server does not take the ${unserved.media} of this offer; ` +
      'publish H.264 and Opus, one track each.',
  );
}

/**
 * The m-line that the others share the transport of must not be rejected: Chromium under max-bundle
 * then fails with "Failed to setup RTCP mux". It is accepted without a direction instead.
 */
function findIdle(offer: Offer, answered: NodeAnswer['sections']): OfferSection | undefined {
  const tagged = offer.sections.find(({ mid }) => mid !== null && mid === offer.bundle[0]);
  return tagged && !answered.has(tagged) && carriesMedia(tagged) ? tagged : undefined;
}

function toIdleMedia(section: OfferSection, transport: Transport): MediaDescription {
  return toMedia({
    ...section,
    direction: 'inactive',
    transport,
    payloads: section.payloads.filter(({ codec }) => codec !== 'rtx').slice(0, 1),
    extensions: [],
  });
}

function carriesMedia(section: OfferSection): boolean {
  return section.payloads.some(({ codec }) => codec !== 'rtx');
}

function toAnswerMedia(
  section: OfferSection,
  answered: NodeAnswerSection,
  { kind, mediaStreamId }: { readonly kind: SessionKind; readonly mediaStreamId: string },
): MediaDescription {
  const direction = kind === 'watch' ? 'sendonly' : 'recvonly';
  const media = toMedia({ ...section, ...answered, direction });
  const { rids = [] } = section.layers ?? {};
  if (rids.length > 0) return { ...media, ...toRids(rids, 'recv') };
  if (kind === 'publish') return media;
  // WHEP-11: one MediaStream; SRS would name the publisher's
  media.msid = [{ id: mediaStreamId, appdata: section.media }];
  if (answered.ssrc) {
    const id = answered.ssrc.primary;
    media.ssrcs = [
      { id, attribute: 'cname', value: mediaStreamId },
      { id, attribute: 'msid', value: `${mediaStreamId} ${section.media}` },
    ];
  }
  return media;
}
