import { GatewayError } from '../errors.ts';
import { LIMITS } from '../limits/limits.ts';
import { isUsable, readCandidates, type Candidate } from './candidate.ts';
import { readExtensions, type Extension } from './extension.ts';
import { readReceivedRids } from './layers.ts';
import { single, splitDescription, type MediaLines } from './lines.ts';
import { readHead, type OfferSection } from './offer-section.ts';
import type { Offer } from './offer.ts';
import { parameter, readPayloads, withRetransmission, type Payload } from './payload.ts';
import { readSsrc, type Ssrc } from './ssrc.ts';
import { readTransportLines, type Transport, type TransportLines } from './transport.ts';

/** What a node answered to an offer of ours, checked against it. */
export interface NodeAnswer {
  /** By section of the offer; a section that is missing was not served. */
  readonly sections: ReadonlyMap<OfferSection, NodeAnswerSection>;
  readonly candidates: readonly Candidate[];
  readonly iceLite: boolean;
}

export interface NodeAnswerSection {
  readonly transport: Transport<'active' | 'passive'>;
  /** Payload types of the offer, with the codecs the offer gave them. */
  readonly payloads: readonly Payload[];
  readonly extensions: readonly Extension[];
  readonly ssrc: Ssrc | null;
}

/** Reads a node's answer; one that does not answer `offer` is `upstream-rejected`. */
export function readNodeAnswer(text: string, offer: Offer): NodeAnswer {
  try {
    return read(text, offer);
  } catch (error) {
    if (error instanceof GatewayError && error.code === 'sdp-malformed') {
      reject('an answer that is no SDP', error);
    }
    throw error;
  }
}

function read(text: string, offer: Offer): NodeAnswer {
  const { session, media } = splitDescription(text);
  const shared = readTransportLines(session);
  const sections = new Map<OfferSection, NodeAnswerSection>();
  const candidates: Candidate[] = [];
  for (const lines of media) {
    const head = readHead(lines.head);
    if (head.port === 0) continue;
    const asked = findAsked(lines, head.media, offer);
    if (sections.has(asked)) reject('two answers to one m-line');
    requireLayers(lines, asked);
    sections.set(asked, {
      transport: toAnswerTransport(readTransportLines(lines.attributes, shared), offer),
      payloads: agreePayloads(head.formats, lines, asked),
      extensions: readExtensions(lines.attributes, asked.layers !== null).filter(({ id, uri }) =>
        asked.extensions.some((offered) => offered.id === id && offered.uri === uri),
      ),
      ssrc: readSsrc(lines.attributes),
    });
    candidates.push(...readCandidates(lines.attributes));
  }
  return { sections, candidates: distinct(candidates), iceLite: session.has('ice-lite') };
}

/** X34: an answer to other m-lines than ours is not ours. */
function findAsked(lines: MediaLines, media: string, offer: Offer): OfferSection {
  const mid = single(lines.attributes, 'mid');
  const asked = offer.sections.find(
    (section) => section.forwarded && section.upstreamMid === mid && section.media === media,
  );
  if (!asked) reject('an answer to an m-line that was not asked');
  return asked;
}

/** RFC 8853 §5.3.2; OBS gives up when a layer is missing. */
function requireLayers({ attributes }: MediaLines, { layers }: OfferSection): void {
  const received = readReceivedRids(attributes);
  if (layers?.rids.every((rid) => received.has(rid)) === false) {
    reject('an answer without a layer of the offer');
  }
}

function toAnswerTransport(lines: TransportLines, offer: Offer): NodeAnswerSection['transport'] {
  const { ufrag, pwd, fingerprint, setup } = lines;
  if (ufrag === undefined || pwd === undefined || fingerprint === undefined) {
    reject('an answer without ICE credentials or fingerprint');
  }
  const fits = setup === 'passive' ? offer.setup !== 'passive' : offer.setup !== 'active';
  if ((setup !== 'active' && setup !== 'passive') || !fits) {
    reject('an answer whose DTLS role does not fit the offer');
  }
  return { ice: { ufrag, pwd }, fingerprint, setup };
}

/**
 * SRS answers AV1 under an H.264 number when it was not asked for AV1, and gives players the
 * publisher's profile: what the client's own offer says of a number must hold for the client.
 */
function agreePayloads(
  formats: readonly string[],
  lines: MediaLines,
  asked: OfferSection,
): readonly Payload[] {
  const agreed = readPayloads(formats, lines.attributes).flatMap((answered) => {
    const offered = asked.payloads.find(({ type }) => type === answered.type);
    if (offered?.codec !== answered.codec) return [];
    const feedback = answered.feedback.filter((kind) => offered.feedback.includes(kind));
    return [{ ...answered, feedback, fmtp: agreeFmtp(answered, offered) }];
  });
  const media = agreed.filter(({ codec }) => codec !== 'rtx');
  if (media.length === 0) reject('an answer without a codec of the offer');
  return withRetransmission(media, agreed);
}

/** RFC 6184 §8.2.2: profile and packetization mode of the answer are those of the offer. */
function agreeFmtp(answered: Payload, offered: Payload): string {
  if (answered.codec !== 'h264') return answered.fmtp;
  const same =
    parameter(answered, 'packetization-mode') === parameter(offered, 'packetization-mode') &&
    profileOf(answered) === profileOf(offered);
  return same ? answered.fmtp : offered.fmtp;
}

function profileOf(payload: Payload): string | undefined {
  return parameter(payload, 'profile-level-id')?.slice(0, 4);
}

function distinct(candidates: readonly Candidate[]): readonly Candidate[] {
  const byAddress = new Map<string, Candidate>();
  for (const candidate of candidates) {
    const address = `${candidate.transport} ${candidate.ip} ${candidate.port}`;
    if (!byAddress.has(address)) byAddress.set(address, candidate);
  }
  const kept = [...byAddress.values()].slice(0, LIMITS.answerCandidates);
  if (!kept.some(isUsable)) reject('an answer without a UDP candidate');
  return kept;
}

function reject(what: string, cause?: unknown): never {
  throw new GatewayError('upstream-rejected', `The media server gave ${what}.`, { cause });
}
