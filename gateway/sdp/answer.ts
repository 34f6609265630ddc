import type { MediaDescription } from 'sdp-transform';
import { GatewayError } from '../errors.ts';
import type { Candidate } from './candidate.ts';
import { isVideoCodec, type Codec, type VideoCodec } from './codec.ts';
import { toMedia, toRejectedMedia, writeDescription } from './description.ts';
import { readNodeAnswer, type NodeAnswerSection } from './node-answer.ts';
import type { OfferSection } from './offer-section.ts';
import type { Offer } from './offer.ts';

/** The answer for the client, and what was settled in it. */
export interface RepairedAnswer {
  readonly sdp: string;
  readonly video: VideoCodec | null;
  readonly audio: 'opus' | null;
  /** The node's ICE credentials. */
  readonly iceUfrag: string;
  readonly icePwd: string;
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
  { mediaStreamId }: { readonly mediaStreamId: string },
): RepairedAnswer {
  const node = readNodeAnswer(answer, offer);
  if (offer.kind === 'publish') refuseUnserved(offer, node.sections);
  const served = offer.sections.filter((section) => node.sections.has(section));
  const bundle = offer.bundle.flatMap(
    (mid) => served.find((section) => section.upstreamMid === mid) ?? [],
  );
  // RFC 8843 §7.3.1: the first of the BUNDLE group carries the transport of all
  const tagged = bundle[0] ?? served[0];
  const transport = tagged && node.sections.get(tagged)?.transport;
  if (!transport) {
    throw new GatewayError('upstream-rejected', 'The media server serves nothing of the offer.');
  }
  const media = offer.sections.map((section) => {
    const answered = node.sections.get(section);
    if (!answered) return toRejectedMedia(section);
    return toAnswerMedia(section, answered, {
      offer,
      mediaStreamId,
      candidates: section === tagged ? node.candidates : [],
    });
  });
  return {
    sdp: writeDescription({
      media,
      bundle: bundle.flatMap(({ mid }) => mid ?? []),
      iceLite: node.iceLite,
    }),
    video: codecOf(served, node.sections, isVideoCodec),
    audio: codecOf(served, node.sections, (codec) => codec === 'opus'),
    iceUfrag: transport.ice.ufrag,
    icePwd: transport.ice.pwd,
  };
}

/** WI-09: a publish is served whole or not at all. */
function refuseUnserved(
  offer: Offer,
  answered: ReadonlyMap<OfferSection, NodeAnswerSection>,
): void {
  const unserved = offer.sections.find((section) => section.forwarded && !answered.has(section));
  if (!unserved) return;
  throw new GatewayError(
    unserved.media === 'video' ? 'codec-unsupported' : 'offer-unacceptable',
    `The media server does not take the ${unserved.media} of this offer; ` +
      'publish H.264 and Opus, one track each.',
  );
}

function toAnswerMedia(
  section: OfferSection,
  answered: NodeAnswerSection,
  context: {
    readonly offer: Offer;
    readonly mediaStreamId: string;
    readonly candidates: readonly Candidate[];
  },
): MediaDescription {
  const watches = context.offer.kind === 'watch';
  const media = toMedia({
    ...section,
    ...answered,
    direction: watches ? 'sendonly' : 'recvonly',
  });
  if (context.candidates.length > 0) {
    media.candidates = [...context.candidates];
    media.endOfCandidates = 'end-of-candidates';
  }
  if (!watches) return media;
  const { mediaStreamId } = context;
  // WE-11: one MediaStream; SRS would name the publisher's
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

function codecOf<Wanted extends Codec>(
  served: readonly OfferSection[],
  answered: ReadonlyMap<OfferSection, NodeAnswerSection>,
  isWanted: (codec: Codec) => codec is Wanted,
): Wanted | null {
  const payloads = served.flatMap((section) => answered.get(section)?.payloads ?? []);
  return payloads.map(({ codec }) => codec).find(isWanted) ?? null;
}
