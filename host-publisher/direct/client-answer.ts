import { CHANNEL_MESSAGE_BYTES } from '../../gateway/protocol/channel-terms.ts';
import { PLAYOUT_DELAY_URI, TRANSPORT_CC_URI } from '../publish/offer.ts';
import type { PeerTransport } from '../publish/peer-transport.ts';
import type { ClientOffer, ClientTransport, OfferedSection, OfferedTrack } from './client-offer.ts';

/** What an answer says beside what was offered. */
export interface AnsweredMedia {
  readonly codec: 'H264' | 'VP8';
  readonly videoSsrc: number;
  /** Null: there is no sound. */
  readonly audioSsrc: number | null;
  readonly cname: string;
}

const SCTP_PORT = 5000;
/** The one pipe of media and the channels beside it, as the library knows them. */
const PIPE_MID = '0';
const CHANNELS_MID = '1';

/** The answer to a client: its m-lines in their order, with our transport and what is found of candidates. */
export function writeClientAnswer(
  offer: ClientOffer,
  media: AnsweredMedia,
  local: PeerTransport,
): string {
  const used = offer.sections.filter((section) => isAnswered(section, media));
  const [first] = used;
  return sdpOf([
    `a=group:BUNDLE ${used.map(({ mid }) => mid).join(' ')}`,
    'a=msid-semantic: WMS *',
    ...offer.sections.flatMap((section) => {
      if (!isAnswered(section, media)) return refusal(section);
      return [
        `m=${section.media} 9 ${section.protocol} ${formatOf(section, offer)}`,
        'c=IN IP4 0.0.0.0',
        `a=mid:${section.mid}`,
        `a=ice-ufrag:${local.ufrag}`,
        `a=ice-pwd:${local.pwd}`,
        'a=ice-options:trickle',
        `a=fingerprint:${local.fingerprint}`,
        `a=setup:${offer.transport.isServer ? 'active' : 'passive'}`,
        ...attributesOf(section, offer, media),
        ...(section === first ? local.candidates : []),
      ];
    }),
  ]);
}

/** The m-line that our candidates belong to: all others are bundled with it. */
export function candidatePlace(offer: ClientOffer, hasSound: boolean) {
  const media = { audioSsrc: hasSound ? 1 : null };
  const at = offer.sections.findIndex((section) => isAnswered(section, media));
  return { sdpMid: offer.sections[at]?.mid ?? '', sdpMLineIndex: at };
}

/**
 * The offer that the library sees in place of the client's: a pipe for RTP, channels where there are
 * any, and nothing from outside but checked values.
 */
export function libraryOffer(remote: ClientTransport, hasChannels: boolean): string {
  const transport = [
    'c=IN IP4 0.0.0.0',
    `a=ice-ufrag:${remote.ufrag}`,
    `a=ice-pwd:${remote.pwd}`,
    `a=fingerprint:${remote.fingerprint}`,
    `a=setup:${remote.isServer ? 'passive' : 'active'}`,
  ];
  return sdpOf([
    `a=group:BUNDLE ${[PIPE_MID, ...(hasChannels ? [CHANNELS_MID] : [])].join(' ')}`,
    'm=video 9 UDP/TLS/RTP/SAVPF 96',
    ...transport,
    `a=mid:${PIPE_MID}`,
    'a=sendrecv',
    'a=rtcp-mux',
    'a=rtpmap:96 VP8/90000',
    ...(hasChannels
      ? [
          'm=application 9 UDP/DTLS/SCTP webrtc-datachannel',
          ...transport,
          `a=mid:${CHANNELS_MID}`,
          `a=sctp-port:${SCTP_PORT}`,
          `a=max-message-size:${CHANNEL_MESSAGE_BYTES}`,
        ]
      : []),
  ]);
}

function isAnswered({ use }: OfferedSection, { audioSsrc }: Pick<AnsweredMedia, 'audioSsrc'>) {
  return use === 'audio' ? audioSsrc !== null : use !== null;
}

function formatOf({ use, formats }: OfferedSection, { video, audio }: ClientOffer): string {
  if (use === 'video') return String(video.payloadType);
  return use === 'audio' && audio !== null ? String(audio.payloadType) : formats;
}

function refusal({ media, protocol, formats, mid }: OfferedSection): string[] {
  return [`m=${media} 0 ${protocol} ${formats}`, 'c=IN IP4 0.0.0.0', `a=mid:${mid}`, 'a=inactive'];
}

function attributesOf(
  { use }: OfferedSection,
  { video, audio }: ClientOffer,
  media: AnsweredMedia,
): string[] {
  if (use === 'video') {
    const feedback = ['goog-remb', 'ccm fir', 'nack', 'nack pli'];
    return trackLines(video, `${media.codec}/90000`, feedback, [
      ...ssrcLines(media.videoSsrc, media.cname, 'video'),
    ]);
  }
  if (use === 'audio' && audio !== null && media.audioSsrc !== null) {
    const lines = ssrcLines(media.audioSsrc, media.cname, 'audio');
    return trackLines(audio, 'opus/48000/2', [], lines);
  }
  return [`a=sctp-port:${SCTP_PORT}`, `a=max-message-size:${CHANNEL_MESSAGE_BYTES}`];
}

function trackLines(
  track: OfferedTrack,
  encoding: string,
  feedback: readonly string[],
  more: readonly string[],
): string[] {
  const { payloadType, parameters, transportCcId, playoutDelayId } = track;
  const extensions = [
    ...(transportCcId === null ? [] : [`a=extmap:${transportCcId} ${TRANSPORT_CC_URI}`]),
    ...(playoutDelayId === null ? [] : [`a=extmap:${playoutDelayId} ${PLAYOUT_DELAY_URI}`]),
  ];
  const told = transportCcId === null ? feedback : [...feedback, 'transport-cc'];
  return [
    'a=sendonly',
    'a=rtcp-mux',
    'a=rtcp-rsize',
    ...extensions,
    `a=rtpmap:${payloadType} ${encoding}`,
    ...told.map((one) => `a=rtcp-fb:${payloadType} ${one}`),
    ...(parameters === null ? [] : [`a=fmtp:${payloadType} ${parameters}`]),
    ...more,
  ];
}

function ssrcLines(ssrc: number, cname: string, track: string): string[] {
  return [`a=msid:${cname} ${track}`, `a=ssrc:${ssrc} cname:${cname}`];
}

function sdpOf(lines: readonly string[]): string {
  return ['v=0', 'o=- 1 1 IN IP4 0.0.0.0', 's=-', 't=0 0', ...lines, ''].join('\r\n');
}
