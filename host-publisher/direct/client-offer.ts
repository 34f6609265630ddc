import { isIP } from 'node:net';
import { HostError } from '../host-error.ts';
import { PLAYOUT_DELAY_URI, TRANSPORT_CC_URI } from '../publish/offer.ts';

/** Who a client is to ICE and DTLS, in values that were checked. */
export interface ClientTransport {
  readonly ufrag: string;
  readonly pwd: string;
  readonly fingerprint: string;
  /** The client is to be the DTLS server. */
  readonly isServer: boolean;
}

/** How a client takes a picture or sound. */
export interface OfferedTrack {
  readonly payloadType: number;
  /** Format parameters as the client wrote them; null: none. */
  readonly parameters: string | null;
  /** Ids of header extensions; null: it does not take it. */
  readonly transportCcId: number | null;
  readonly playoutDelayId: number | null;
}

/** One m-line of an offer, in its order. */
export interface OfferedSection {
  /** The m-line without its port: what a refusal repeats. */
  readonly media: string;
  readonly protocol: string;
  readonly formats: string;
  readonly mid: string;
  /** What we use it for; null: it is refused. */
  readonly use: 'video' | 'audio' | 'channels' | null;
}

/** A client's offer, reduced to what we act upon. */
export interface ClientOffer {
  readonly sections: readonly OfferedSection[];
  readonly video: OfferedTrack;
  /** Null: it wants no sound. */
  readonly audio: OfferedTrack | null;
  readonly hasChannels: boolean;
  readonly transport: ClientTransport;
  /** Candidates that stand in the offer. */
  readonly candidates: readonly string[];
}

interface Section extends Omit<OfferedSection, 'use'> {
  readonly kind: string;
  readonly isUsable: boolean;
  readonly lines: readonly string[];
}

const MOST_CHARS = 64 * 1024;
const MOST_SECTIONS = 8;
const M_LINE = /^m=(audio|video|application|[a-z]{1,16}) (\d{1,5}) ([A-Z/]{1,32}) ([\w -]{1,512})$/;
const MID = /^a=mid:([\w.+-]{1,32})$/;
const PARAMETERS = /^[\w=;,.+/ -]{1,256}$/;
const UFRAG = /^a=ice-ufrag:([\w+/=-]{4,256})$/;
const PWD = /^a=ice-pwd:([\w+/=-]{22,256})$/;
const FINGERPRINT = /^a=fingerprint:(sha-256 (?:[0-9A-F]{2}:){31}[0-9A-F]{2})$/i;
const SETUP = /^a=setup:(actpass|active|passive)$/;
const RTP = /^(UDP\/TLS\/)?RTP\/SAVPF$/;
const CANDIDATE =
  /^(?:a=)?candidate:\S{1,32} 1 udp (\d{1,10}) ([0-9a-f.:]{2,45}) (\d{1,5}) typ (host|srflx|prflx|relay)\b/i;

/**
 * Reads the offer of a client that wants a picture, in `codec`, and may want sound and channels.
 * @throws HostError `refused` with a sentence for its user
 */
export function readClientOffer(sdp: string, codec: 'H264' | 'VP8'): ClientOffer {
  const lines = sdp.split(/\r?\n/).filter((line) => line !== '');
  if (sdp.length > MOST_CHARS || lines[0] !== 'v=0') throw refused('is no session description');
  const { session, sections } = splitSections(lines);
  const used = sections.map((section, at) => ({ ...section, use: useOf(section, at, sections) }));
  const of = (use: OfferedSection['use']) => used.find((section) => section.use === use);
  const [picture, sound] = [of('video'), of('audio')];
  const video = picture === undefined ? null : trackOf(picture.lines, session, codec);
  if (video === null) throw refused(`takes no ${codec} picture`);
  const audio = sound === undefined ? null : trackOf(sound.lines, session, 'opus');
  return {
    sections: used.map((section) =>
      section.use === 'audio' && audio === null ? { ...section, use: null } : section,
    ),
    video,
    audio,
    hasChannels: of('channels') !== undefined,
    transport: readTransport(lines),
    candidates: lines.flatMap((line) =>
      line.startsWith('a=candidate:') ? readCandidate(line) : [],
    ),
  };
}

/**
 * A client's candidate, written anew from checked parts; none when it is of no use: no UDP, or a
 * name in place of an address, which would have us ask others for it.
 */
export function readCandidate(line: string): readonly string[] {
  const [, priority, address = '', port, type] = CANDIDATE.exec(line) ?? [];
  const isUseful = isIP(address) !== 0 && Number(port) > 0 && Number(port) < 65_536;
  return isUseful
    ? [`candidate:1 1 UDP ${priority} ${address} ${port} typ ${type?.toLowerCase()}`]
    : [];
}

function splitSections(lines: readonly string[]) {
  const starts = lines.flatMap((line, index) => (line.startsWith('m=') ? [index] : []));
  if (starts.length > MOST_SECTIONS) throw refused('has too many m-lines');
  const sections = starts.map((start, index): Section => {
    const own = lines.slice(start, starts[index + 1]);
    const [, kind = '', port = '', protocol = '', formats = ''] = M_LINE.exec(own[0] ?? '') ?? [];
    const mid = find(own, MID);
    if (kind === '' || mid === null) throw refused('has an m-line that cannot be read');
    const isMeant = Number(port) > 0 || own.includes('a=bundle-only');
    const isUsable = isMeant && !own.some((line) => /^a=(sendonly|inactive)$/.test(line));
    return { media: kind, kind, protocol, formats, mid, isUsable, lines: own };
  });
  return { session: lines.slice(0, starts[0]), sections };
}

/** The first m-line of a kind; a second one is refused. */
function useOf(section: Section, at: number, all: readonly Section[]): OfferedSection['use'] {
  const { kind, protocol, formats, lines } = section;
  const isFirst = all.findIndex((one) => one.kind === kind && one.isUsable) === at;
  if (!section.isUsable || !isFirst) return null;
  if (
    (kind === 'video' || kind === 'audio') &&
    RTP.test(protocol) &&
    lines.includes('a=rtcp-mux')
  ) {
    return kind;
  }
  const isChannels = kind === 'application' && formats === 'webrtc-datachannel';
  return isChannels && lines.includes('a=sctp-port:5000') ? 'channels' : null;
}

function trackOf(
  lines: readonly string[],
  session: readonly string[],
  encoding: string,
): OfferedTrack | null {
  const types = lines.flatMap((line) => {
    const [, type, name] = /^a=rtpmap:(\d{1,3}) ([\w-]+)\//.exec(line) ?? [];
    return name?.toLowerCase() === encoding.toLowerCase() && isPayloadType(Number(type))
      ? [Number(type)]
      : [];
  });
  const offered = types.map((type) => ({ type, parameters: parametersOf(lines, type) }));
  const usable = offered
    .map((one) => ({ ...one, rank: encoding === 'H264' ? rankH264(one.parameters) : 0 }))
    .filter(({ rank }) => rank !== null)
    .toSorted((one, other) => (one.rank ?? 0) - (other.rank ?? 0));
  const [best] = usable;
  if (best === undefined) return null;
  const all = [...lines, ...session];
  return {
    payloadType: best.type,
    parameters: best.parameters,
    transportCcId: extensionId(all, TRANSPORT_CC_URI),
    playoutDelayId: extensionId(all, PLAYOUT_DELAY_URI),
  };
}

/** RFC 5761 §4: 64 to 95 would look like RTCP. */
const isPayloadType = (type: number): boolean => type < 64 || (type > 95 && type < 128);

function parametersOf(lines: readonly string[], type: number): string | null {
  const text = find(lines, new RegExp(`^a=fmtp:${type} (.*)$`));
  return text !== null && PARAMETERS.test(text) ? text : null;
}

/**
 * Constrained baseline first, then baseline, then others, then those that do not say how they are
 * packed, as GStreamer's; null: it takes no fragments of NAL units.
 */
function rankH264(parameters: string | null): number | null {
  const [, mode] = /(?:^|;) *packetization-mode=(\d)/.exec(parameters ?? '') ?? [];
  if (mode === undefined) return 3;
  if (mode !== '1') return null;
  const [, profile = ''] = /profile-level-id=([0-9a-f]{4})/i.exec(parameters ?? '') ?? [];
  const place = ['42e0', '4200'].indexOf(profile.toLowerCase());
  return place < 0 ? 2 : place;
}

function extensionId(lines: readonly string[], uri: string): number | null {
  const found = lines
    .map((line) => /^a=extmap:(\d{1,2})(?:\/\w+)? (\S+)/.exec(line))
    .find((match) => match?.[2] === uri)?.[1];
  const id = Number(found ?? 0);
  return id >= 1 && id <= 14 ? id : null;
}

function readTransport(lines: readonly string[]): ClientTransport {
  const [ufrag, pwd] = [find(lines, UFRAG), find(lines, PWD)];
  const [fingerprint, setup] = [find(lines, FINGERPRINT), find(lines, SETUP)];
  if (ufrag === null || pwd === null || fingerprint === null || setup === null) {
    throw refused('has no usable ICE or DTLS attributes');
  }
  return { ufrag, pwd, fingerprint, isServer: setup === 'passive' };
}

function find(lines: readonly string[], pattern: RegExp): string | null {
  for (const line of lines) {
    const match = pattern.exec(line)?.[1];
    if (match !== undefined) return match;
  }
  return null;
}

const refused = (why: string): HostError => new HostError('refused', `The offer ${why}.`);
