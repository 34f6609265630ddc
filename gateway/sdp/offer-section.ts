import type { SessionKind } from '../protocol/session-kind.ts';
import { readExtensions, type Extension } from './extension.ts';
import { readLayers, type OfferedLayers } from './layers.ts';
import { malformed, single, type Attributes, type MediaLines } from './lines.ts';
import { readPayloads, type Payload } from './payload.ts';
import { readSsrc, type Ssrc } from './ssrc.ts';
import { readTransportLines, type TransportLines } from './transport.ts';

export type Direction = 'sendrecv' | 'sendonly' | 'recvonly' | 'inactive';

/** One m-line of an offer, as it must be mirrored in the answer. */
export interface OfferSection {
  /** The first word of the m-line; only audio and video are ever forwarded. */
  readonly media: string;
  /** False for what is answered as rejected whatever the node says. */
  readonly forwarded: boolean;
  readonly protocol: string;
  readonly formats: readonly string[];
  /** The client's mid; null when it has none, and then the answer has none either. */
  readonly mid: string | null;
  /** The mid spoken upstream: the client's, or one that no other section has. */
  readonly upstreamMid: string;
  readonly payloads: readonly Payload[];
  readonly extensions: readonly Extension[];
  readonly ssrc: Ssrc | null;
  /** Of a publisher's video; null when it sends one encoding. */
  readonly layers: OfferedLayers | null;
  readonly reducedRtcp: boolean;
}

/** A section as read, before the offer as a whole decides what becomes of it. */
export interface SectionDraft extends Omit<OfferSection, 'upstreamMid' | 'forwarded'> {
  readonly port: number;
  readonly bundleOnly: boolean;
  readonly muxed: boolean;
  readonly direction: Direction;
  readonly transport: TransportLines;
  readonly attributes: Attributes;
}

/** Reads one m-line; what is wrong whatever the session wants is refused here. */
export function readSection(
  lines: MediaLines,
  session: SessionDefaults,
  kind: SessionKind,
): SectionDraft {
  const { attributes } = lines;
  const { media, port, protocol, formats } = readHead(lines.head);
  const known = isAudioOrVideo(media);
  const layers = kind === 'publish' && media === 'video' ? readLayers(attributes) : null;
  return {
    media,
    port,
    protocol,
    formats,
    mid: readMid(attributes),
    bundleOnly: attributes.has('bundle-only'),
    muxed: attributes.has('rtcp-mux'),
    direction: readDirection(attributes) ?? session.direction ?? 'sendrecv',
    transport: readTransportLines(attributes, session.transport),
    payloads: known ? readPayloads(formats, attributes) : [],
    extensions: known ? readExtensions(attributes, layers !== null) : [],
    ssrc: known ? readSsrc(attributes) : null,
    layers,
    reducedRtcp: attributes.has('rtcp-rsize'),
    attributes,
  };
}

/** What the session level says for sections that do not say it themselves. */
export interface SessionDefaults {
  readonly direction: Direction | null;
  readonly transport: TransportLines;
}

export function readSessionDefaults(attributes: Attributes): SessionDefaults {
  return {
    direction: readDirection(attributes),
    transport: readTransportLines(attributes),
  };
}

/** Whether an m-line is of a kind that a node can serve. */
export function isAudioOrVideo(media: string): media is 'audio' | 'video' {
  return media === 'audio' || media === 'video';
}

/** The value of an `m=` line in its parts. */
export function readHead(head: string): {
  media: string;
  port: number;
  protocol: string;
  formats: readonly string[];
} {
  const [media = '', port = '', protocol = '', ...formats] = head.split(' ');
  const sound =
    /^[a-z]{1,16}$/.test(media) &&
    /^\d{1,5}$/.test(port) &&
    /^[A-Za-z/]{1,32}$/.test(protocol) &&
    formats.length > 0 &&
    formats.every((format) => /^[A-Za-z0-9-]{1,32}$/.test(format));
  if (!sound || Number(port) > 65_535)
    malformed('An m-line is not of the form m=kind port protocol formats.');
  return { media, port: Number(port), protocol, formats };
}

function readMid(attributes: Attributes): string | null {
  const mid = single(attributes, 'mid');
  if (mid === undefined) return null;
  // RFC 8866 §9, token
  if (!/^[!#$%&'*+\-.0-9A-Z^_`a-z{|}~]{1,32}$/.test(mid)) {
    malformed('a=mid takes 1 to 32 characters of an SDP token.');
  }
  return mid;
}

function readDirection(attributes: Attributes): Direction | null {
  const found = DIRECTIONS.filter((direction) => attributes.has(direction));
  if (found.length > 1) malformed('One section of the SDP has two directions.');
  return found[0] ?? null;
}

const DIRECTIONS: readonly Direction[] = ['sendrecv', 'sendonly', 'recvonly', 'inactive'];
