import type { MediaDescription, SessionDescription } from 'sdp-transform';
import { write } from 'sdp-transform';
import { RTP_NAMES } from './codec.ts';
import type { Extension } from './extension.ts';
import type { Payload } from './payload.ts';
import type { Transport } from './transport.ts';

/** A section of a description that the gateway writes: only validated parts go in. */
export interface WrittenSection {
  readonly media: string;
  readonly protocol: string;
  readonly mid: string | null;
  readonly direction: 'sendonly' | 'recvonly' | 'inactive';
  readonly transport: Transport;
  readonly payloads: readonly Payload[];
  readonly extensions: readonly Extension[];
  readonly reducedRtcp: boolean;
}

/** Writes a description of the gateway's own, with CRLF line ends. */
export function writeDescription(parts: {
  readonly media: MediaDescription[];
  readonly bundle: readonly string[];
  readonly iceLite: boolean;
}): string {
  const description: SessionDescription = {
    version: 0,
    // X22: neither a version, nor a heap address, nor a host of ours or theirs
    origin: {
      username: '-',
      sessionId: 1,
      sessionVersion: 2,
      netType: 'IN',
      ipVer: 4,
      address: '0.0.0.0',
    },
    name: '-',
    timing: { start: 0, stop: 0 },
    media: parts.media,
  };
  if (parts.iceLite) description.icelite = 'ice-lite';
  if (parts.bundle.length > 0) {
    description.groups = [{ type: 'BUNDLE', mids: parts.bundle.join(' ') }];
  }
  return write(description);
}

/** A section that carries media. */
export function toMedia(section: WrittenSection): MediaDescription {
  const { payloads, transport } = section;
  const media: MediaDescription = {
    type: section.media,
    port: 9,
    protocol: section.protocol,
    payloads: payloads.map(({ type }) => type).join(' '),
    connection: ANYWHERE,
    rtp: payloads.map(toRtp),
    fmtp: payloads
      .filter(({ fmtp }) => fmtp !== '')
      .map(({ type, fmtp }) => ({ payload: type, config: fmtp })),
    rtcpFb: payloads.flatMap(({ type, feedback }) =>
      feedback.map((kind) => ({ payload: type, type: kind })),
    ),
    ext: section.extensions.map(({ id, uri }) => ({ value: id, uri })),
    setup: transport.setup,
    direction: section.direction,
    iceUfrag: transport.ice.ufrag,
    icePwd: transport.ice.pwd,
    fingerprint: { type: 'sha-256', hash: transport.fingerprint },
    rtcpMux: 'rtcp-mux',
  };
  if (section.mid !== null) media.mid = section.mid;
  if (section.reducedRtcp) media.rtcpRsize = 'rtcp-rsize';
  return media;
}

/** The simulcast lines of one direction (RFC 8853 §5); a single name is no simulcast. */
export function toRids(
  rids: readonly string[],
  direction: 'send' | 'recv',
): Pick<MediaDescription, 'rids' | 'simulcast'> {
  return {
    rids: rids.map((id) => ({ id, direction })),
    ...(rids.length > 1 ? { simulcast: { dir1: direction, list1: rids.join(';') } } : {}),
  };
}

/** A section that is answered as rejected (RFC 9429 §5.3.1): port 0, at its place. */
export function toRejectedMedia(section: {
  readonly media: string;
  readonly protocol: string;
  readonly formats: readonly string[];
  readonly mid: string | null;
}): MediaDescription {
  const media: MediaDescription = {
    type: section.media,
    port: 0,
    protocol: section.protocol,
    payloads: section.formats[0] ?? '0',
    connection: ANYWHERE,
    rtp: [],
    fmtp: [],
    direction: 'inactive',
  };
  if (section.mid !== null) media.mid = section.mid;
  return media;
}

function toRtp({ type, codec }: Payload): MediaDescription['rtp'][number] {
  const { encoding, rate, channels } = RTP_NAMES[codec];
  const rtp = { payload: type, codec: encoding, rate };
  return channels === null ? rtp : { ...rtp, encoding: channels };
}

const ANYWHERE = { version: 4, ip: '0.0.0.0' };
