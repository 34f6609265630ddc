import type { Candidate } from '../../../../native/candidates.ts';
import { candidateLines } from '../../../../native/candidates.ts';
import type { LocalTransport } from '../../../../native/local-transport.ts';
import type { TrackKind } from '../codec.ts';
import { rtpmapOf } from '../codec.ts';
import { PLAYOUT_DELAY } from '../rtp/playout-delay.ts';
import type { AgreedTrack, Agreement } from './agreement.ts';
import type { OfferedCodec, OfferSection } from './offer.ts';
import type { AgreedLayers } from './simulcast.ts';
import { LAYER_EXTENSIONS } from './simulcast.ts';

/** What a viewer's m-line announces about the output stream. */
export interface SentTrack {
  readonly ssrc: number;
  readonly cname: string;
  readonly streamId: string;
}

export interface AnswerOptions {
  readonly agreement: Agreement;
  readonly transport: LocalTransport;
  readonly candidates: readonly Candidate[];
  readonly sessionId: number;
  /** For viewers; null in an answer to a publisher. */
  readonly sent: Readonly<Record<TrackKind, SentTrack>> | null;
}

const TRANSPORT_CC = 'http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01';
/** Without it Chromium starts at 300 kbit/s and drops the resolution. */
const START_BITRATE = 'x-google-start-bitrate=2500';
const PUBLISH_FEEDBACK = ['nack', 'nack pli', 'ccm fir', 'transport-cc'];
const PLAY_FEEDBACK = ['nack', 'nack pli', 'ccm fir', 'goog-remb'];

/** The complete answer: one m-line for each of the offer's, in its order. */
export const writeAnswer = (options: AnswerOptions): string => {
  const { agreement } = options;
  const tracks = [agreement.audio, agreement.video].filter((track) => track !== null);
  const trackOf = (section: OfferSection) => tracks.find((track) => track.section === section);
  const accepted = agreement.offer.sections.filter((section) => trackOf(section) !== undefined);
  const mids = accepted.flatMap(({ mid }) => mid ?? []);
  const lines = [
    'v=0',
    `o=SRS ${options.sessionId} 2 IN IP4 0.0.0.0`,
    agreement.kind === 'publish' ? 's=SRSPublishSession' : 's=SRSPlaySession',
    't=0 0',
    'a=ice-lite',
    ...(agreement.offer.bundle === null ? [] : [`a=group:BUNDLE ${mids.join(' ')}`]),
    `a=msid-semantic: WMS ${options.sent?.video.streamId ?? '*'}`,
    ...agreement.offer.sections.flatMap((section) => {
      const track = trackOf(section);
      return track === undefined
        ? rejectedLines(section)
        : acceptedLines(track, options, section === accepted[0]);
    }),
  ];
  return `${lines.join('\r\n')}\r\n`;
};

const midLines = ({ mid }: OfferSection): string[] => (mid === null ? [] : [`a=mid:${mid}`]);

const rejectedLines = (section: OfferSection): string[] => [
  `m=${section.media} 0 ${section.protocol} ${section.formats[0] ?? '0'}`,
  'c=IN IP4 0.0.0.0',
  ...midLines(section),
  'a=inactive',
];

const acceptedLines = (track: AgreedTrack, options: AnswerOptions, first: boolean): string[] => {
  const { section, codecs } = track;
  const publish = options.agreement.kind === 'publish';
  const payloadTypes = codecs.flatMap(({ payloadType, rtx }) =>
    publish && rtx !== null ? [payloadType, rtx] : [payloadType],
  );
  return [
    `m=${section.media} 9 ${section.protocol} ${payloadTypes.join(' ')}`,
    'c=IN IP4 0.0.0.0',
    `a=ice-ufrag:${options.transport.ufrag}`,
    `a=ice-pwd:${options.transport.pwd}`,
    `a=fingerprint:${options.transport.fingerprint}`,
    `a=setup:${options.agreement.transport.dtlsServer ? 'active' : 'passive'}`,
    ...midLines(section),
    ...(publish && section.transportCcId !== null
      ? [`a=extmap:${section.transportCcId} ${TRANSPORT_CC}`]
      : []),
    ...(section.playoutDelayId === null
      ? []
      : [`a=extmap:${section.playoutDelayId} ${PLAYOUT_DELAY}`]),
    ...extensionLines(track.layers),
    publish ? 'a=recvonly' : 'a=sendonly',
    'a=rtcp-mux',
    'a=rtcp-rsize',
    ...codecs.flatMap((codec) => codecLines(codec, track, publish)),
    ...layerLines(track.layers),
    ...(options.sent === null ? [] : sentLines(track.kind, options.sent[track.kind])),
    ...(first ? [...candidateLines(options.candidates), 'a=end-of-candidates'] : []),
  ];
};

const extensionLines = (layers: AgreedLayers | null): string[] =>
  Object.entries(LAYER_EXTENSIONS).flatMap(([name, uri]) => {
    const id = layers?.[name as keyof typeof LAYER_EXTENSIONS] ?? null;
    return layers?.named === true && id !== null ? [`a=extmap:${id} ${uri}`] : [];
  });

/** RFC 8853 §5.3.2: every layer that is received, in the order of the offer. */
const layerLines = (layers: AgreedLayers | null): string[] => {
  if (layers?.named !== true) return [];
  const rids = layers.encodings.map(({ rid }) => rid);
  if (rids.length < 2) return rids.map((rid) => `a=rid:${rid} recv`);
  return [...rids.map((rid) => `a=rid:${rid} recv`), `a=simulcast:recv ${rids.join(';')}`];
};

const codecLines = (codec: OfferedCodec, { kind }: AgreedTrack, publish: boolean): string[] => {
  const { payloadType, rtx } = codec;
  const hint = publish && kind === 'video' ? START_BITRATE : null;
  const fmtp = [codec.fmtp, hint].filter((part) => part !== null).join(';');
  return [
    `a=rtpmap:${payloadType} ${rtpmapOf(codec.codec)}`,
    ...feedbackOf(codec, kind, publish).map((value) => `a=rtcp-fb:${payloadType} ${value}`),
    ...(fmtp === '' ? [] : [`a=fmtp:${payloadType} ${fmtp}`]),
    ...(publish && rtx !== null
      ? [`a=rtpmap:${rtx} rtx/90000`, `a=fmtp:${rtx} apt=${payloadType}`]
      : []),
  ];
};

/** What both sides know; REMB steers a publisher only where transport-cc is missing. */
const feedbackOf = (codec: OfferedCodec, kind: TrackKind, publish: boolean): readonly string[] => {
  const both = (publish ? PUBLISH_FEEDBACK : PLAY_FEEDBACK).filter((value) =>
    codec.feedback.has(value),
  );
  if (kind === 'audio') return both.filter((value) => value === 'transport-cc');
  const remb = publish && !codec.feedback.has('transport-cc') && codec.feedback.has('goog-remb');
  return remb ? [...both, 'goog-remb'] : both;
};

const sentLines = (kind: TrackKind, { ssrc, cname, streamId }: SentTrack): string[] => [
  `a=msid:${streamId} ${kind}`,
  `a=ssrc:${ssrc} cname:${cname}`,
  `a=ssrc:${ssrc} msid:${streamId} ${kind}`,
];
