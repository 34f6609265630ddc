import { candidateLines } from '../../native/candidates.ts';
import type { LocalTransport } from '../../native/local-transport.ts';
import { LIMITS } from '../limits/limits.ts';
import type { RemoteTransport } from './messages.ts';

/** What an offer of data channels says, as far as it is used. */
export interface ChannelOffer {
  /** Of its only m-line. */
  readonly mid: string;
  readonly remote: RemoteTransport;
}

const SCTP_PORT = 5000;
const M_LINE = /^m=application \d{1,5} UDP\/DTLS\/SCTP webrtc-datachannel$/;
const MID = /^a=mid:([\w.+~!#$%&'*^`{|}-]{1,64})$/;
const UFRAG = /^a=ice-ufrag:([\w+/=-]{4,256})$/;
const PWD = /^a=ice-pwd:([\w+/=-]{22,256})$/;
const FINGERPRINT = /^a=fingerprint:(sha-(?:256|384|512) (?:[0-9A-F]{2}:){31,63}[0-9A-F]{2})$/i;
const SETUP = /^a=setup:(?:actpass|active)$/;
const PORT = /^a=sctp-port:5000$/;

/** Reads an offer of nothing but data channels, of a peer that lets us be the DTLS server; null: it is none. */
export function readChannelOffer(sdp: string): ChannelOffer | null {
  const lines = sdp.split(/\r?\n/);
  const first = (pattern: RegExp): string | undefined => {
    for (const line of lines) {
      const found = pattern.exec(line);
      if (found !== null) return found[1] ?? found[0];
    }
    return undefined;
  };
  const [mid, ufrag, pwd, fingerprint] = [MID, UFRAG, PWD, FINGERPRINT].map(first);
  const media = lines.filter((line) => line.startsWith('m='));
  const isChannel = media.length === 1 && M_LINE.test(media[0] ?? '');
  if (!isChannel || first(SETUP) === undefined || first(PORT) === undefined) return null;
  if (mid === undefined || ufrag === undefined) return null;
  if (pwd === undefined || fingerprint === undefined) return null;
  return { mid, remote: { ufrag, pwd, fingerprint } };
}

/**
 * The offer that the library sees instead of the viewer's: nothing from outside but three checked
 * values, and no candidates, so that nobody makes us call on others.
 */
export const libraryOffer = ({ ufrag, pwd, fingerprint }: RemoteTransport): string =>
  sdpOf([
    'a=group:BUNDLE 0',
    ...sectionOf('0'),
    'a=setup:active',
    `a=ice-ufrag:${ufrag}`,
    `a=ice-pwd:${pwd}`,
    `a=fingerprint:${fingerprint}`,
  ]);

/** The answer to a viewer. */
export const channelAnswer = (options: {
  readonly mid: string;
  readonly local: LocalTransport;
  readonly addresses: readonly string[];
  readonly port: number;
}): string => {
  const { mid, local, addresses, port } = options;
  return sdpOf([
    'a=ice-lite',
    `a=group:BUNDLE ${mid}`,
    ...sectionOf(mid),
    'a=setup:passive',
    `a=ice-ufrag:${local.ufrag}`,
    `a=ice-pwd:${local.pwd}`,
    `a=fingerprint:${local.fingerprint}`,
    ...candidateLines(addresses.map((address) => ({ address, port }))),
    'a=end-of-candidates',
  ]);
};

const sectionOf = (mid: string): string[] => [
  'm=application 9 UDP/DTLS/SCTP webrtc-datachannel',
  'c=IN IP4 0.0.0.0',
  `a=mid:${mid}`,
  `a=sctp-port:${SCTP_PORT}`,
  `a=max-message-size:${LIMITS.channelMessageBytes}`,
];

const sdpOf = (lines: readonly string[]): string =>
  ['v=0', 'o=- 1 1 IN IP4 0.0.0.0', 's=-', 't=0 0', ...lines, ''].join('\r\n');
