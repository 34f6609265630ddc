import { MediaError } from '../../media.ts';
import type { Codec, TrackKind } from '../codec.ts';
import { codecOf } from '../codec.ts';
import { PLAYOUT_DELAY } from '../rtp/playout-delay.ts';
import { clientIsDtlsServer } from './dtls-role.ts';
import type { SdpPart } from './lines.ts';
import { splitSdp } from './lines.ts';
import type { AgreedLayers } from './simulcast.ts';
import { extensionId, readLayers } from './simulcast.ts';

export type Direction = 'sendrecv' | 'sendonly' | 'recvonly' | 'inactive';

/** One payload type that means a codec of ours. */
export interface OfferedCodec {
  readonly codec: Codec;
  readonly payloadType: number;
  /** Format parameters, checked for harmless characters; null when absent. */
  readonly fmtp: string | null;
  /** Values of rtcp-fb for it, `*` included. */
  readonly feedback: ReadonlySet<string>;
  /** Payload type of its RTX, or null. */
  readonly rtx: number | null;
}

/** Who the client is to ICE and DTLS. */
export interface RemoteTransport {
  readonly ufrag: string;
  readonly pwd: string;
  /** `algorithm value`, as in the SDP. */
  readonly fingerprint: string;
  /** Whether the client is to be the DTLS server (a=setup:passive), and we the client. */
  readonly dtlsServer: boolean;
}

/** One m-line of an offer. */
export interface OfferSection {
  /** audio, video, or what we do not serve. */
  readonly kind: TrackKind | 'other';
  /** First words of the m-line, to be repeated in the answer. */
  readonly media: string;
  readonly protocol: string;
  readonly formats: readonly string[];
  readonly mid: string | null;
  readonly direction: Direction;
  /** Port 0 without bundle-only: the client itself does not use this m-line. */
  readonly disabled: boolean;
  readonly rtcpMux: boolean;
  /** What it offers to send at the same time; null without simulcast. */
  readonly layers: AgreedLayers | null;
  readonly codecs: readonly OfferedCodec[];
  /** Header extension id of transport-wide congestion control, or null. */
  readonly transportCcId: number | null;
  /** Header extension id of the playout delay of a picture, or null. */
  readonly playoutDelayId: number | null;
  readonly transport: RemoteTransport | null;
}

/** An SDP offer, reduced to what the engine acts on. */
export interface Offer {
  readonly sections: readonly OfferSection[];
  /** The mids of the BUNDLE group; null when there is none. */
  readonly bundle: readonly string[] | null;
}

const TRANSPORT_CC = 'http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01';
const TOKEN = /^[\w.+~!#$%&'*^`{|}-]{1,64}$/;
const FMTP = /^[\w=;,.+/ -]{1,512}$/;
const ICE = /^[\w+/=-]{4,256}$/;
const FINGERPRINT = /^sha-(?:256|384|512) (?:[0-9A-F]{2}:){31,63}[0-9A-F]{2}$/i;
const DIRECTIONS: readonly Direction[] = ['sendrecv', 'sendonly', 'recvonly', 'inactive'];

/** Reads a client's offer. @throws MediaError 5012 when it is not an SDP, 5018 when it is unfit. */
export const readOffer = (text: string): Offer => {
  const { session, media } = splitSdp(text);
  return {
    sections: media.map((part) => readSection(part, session)),
    bundle: readBundle(session),
  };
};

/** RFC 9143: other groups (OBS sends LS) may stand before or behind BUNDLE. */
const readBundle = (session: SdpPart): readonly string[] | null => {
  const group = session.attributes.get('group')?.find((value) => /^BUNDLE(?: |$)/.test(value));
  return group === undefined ? null : group.split(/ +/).slice(1);
};

const readSection = (part: SdpPart, session: SdpPart): OfferSection => {
  const [media = '', port = '', protocol = '', ...formats] = part.media.split(/ +/);
  if (!TOKEN.test(media) || !/^\d{1,5}$/.test(port) || !/^[\w/.-]{1,64}$/.test(protocol)) {
    throw new MediaError(5012, 'sdp has a malformed m-line');
  }
  if (formats.length === 0 || !formats.every((format) => TOKEN.test(format))) {
    throw new MediaError(5012, 'sdp has an m-line without proper formats');
  }
  const mid = part.attributes.get('mid')?.[0] ?? null;
  if (mid !== null && !TOKEN.test(mid)) throw new MediaError(5012, 'sdp has a malformed mid');
  return {
    kind: media === 'audio' || media === 'video' ? media : 'other',
    media,
    protocol,
    formats,
    mid,
    direction: directionOf(part) ?? directionOf(session) ?? 'sendrecv',
    disabled: Number(port) === 0 && !part.attributes.has('bundle-only'),
    rtcpMux: part.attributes.has('rtcp-mux'),
    layers: media === 'video' ? readLayers(part) : null,
    codecs: readCodecs(part, formats),
    transportCcId: extensionId(part, TRANSPORT_CC) ?? extensionId(session, TRANSPORT_CC),
    playoutDelayId: media === 'video' ? shortId(extensionId(part, PLAYOUT_DELAY)) : null,
    transport: readTransport(part, session),
  };
};

/** Packets are forwarded with the one-byte form (RFC 8285 §4.2), which has 14 numbers. */
const shortId = (id: number | null): number | null => (id !== null && id <= 14 ? id : null);

const directionOf = (part: SdpPart): Direction | undefined =>
  DIRECTIONS.find((direction) => part.attributes.has(direction));

const payloadTypeOf = (format: string): number | null => {
  const payloadType = /^\d{1,3}$/.test(format) ? Number(format) : Number.NaN;
  // RFC 5761 §4: 64..95 would look like RTCP.
  return payloadType <= 63 || (payloadType >= 96 && payloadType <= 127) ? payloadType : null;
};

/** `value` lines that start with a payload type, as a map from it to the rest. */
const byPayloadType = (part: SdpPart, name: string): Map<number, string[]> => {
  const found = new Map<number, string[]>();
  for (const value of part.attributes.get(name) ?? []) {
    const [, format = '', rest = ''] = /^(\S+) +(.*)$/.exec(value) ?? [];
    const payloadType = payloadTypeOf(format);
    if (payloadType === null) continue;
    found.set(payloadType, [...(found.get(payloadType) ?? []), rest]);
  }
  return found;
};

const readCodecs = (part: SdpPart, formats: readonly string[]): OfferedCodec[] => {
  const maps = byPayloadType(part, 'rtpmap');
  const parameters = byPayloadType(part, 'fmtp');
  const feedback = byPayloadType(part, 'rtcp-fb');
  const everyFeedback = (part.attributes.get('rtcp-fb') ?? [])
    .filter((value) => value.startsWith('* '))
    .map((value) => value.slice(2));
  const rtx = new Map<number, number>();
  for (const [payloadType, [encoding = '']] of maps) {
    const [, apt] = /^apt=(\d{1,3})$/.exec(parameters.get(payloadType)?.[0] ?? '') ?? [];
    if (encoding.toLowerCase() === 'rtx/90000' && apt !== undefined) {
      rtx.set(Number(apt), payloadType);
    }
  }
  return formats.flatMap((format) => {
    const payloadType = payloadTypeOf(format);
    const codec = payloadType === null ? null : codecOf(maps.get(payloadType)?.[0] ?? '');
    if (payloadType === null || codec === null) return [];
    const fmtp = parameters.get(payloadType)?.[0] ?? '';
    return {
      codec,
      payloadType,
      fmtp: FMTP.test(fmtp) ? fmtp : null,
      feedback: new Set([...(feedback.get(payloadType) ?? []), ...everyFeedback]),
      rtx: rtx.get(payloadType) ?? null,
    };
  });
};

const readTransport = (part: SdpPart, session: SdpPart): RemoteTransport | null => {
  const read = (name: string) => part.attributes.get(name) ?? session.attributes.get(name) ?? [];
  const [ufrag = ''] = read('ice-ufrag');
  const [pwd = ''] = read('ice-pwd');
  // RFC 4145 §4: without a=setup the offerer is active.
  const [setup = 'active'] = read('setup');
  const fingerprint = read('fingerprint').find((value) => FINGERPRINT.test(value));
  if (!ICE.test(ufrag) || !ICE.test(pwd) || pwd.length < 22 || fingerprint === undefined) {
    return null;
  }
  if (setup !== 'actpass' && setup !== 'active' && setup !== 'passive') return null;
  const dtlsServer = clientIsDtlsServer(setup, { ufrag, pwd });
  return { ufrag, pwd, fingerprint, dtlsServer };
};
