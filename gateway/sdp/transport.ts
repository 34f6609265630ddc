import { GatewayError } from '../errors.ts';
import { malformed, single, type Attributes } from './lines.ts';

/** The credentials one side of an ICE session is known by. */
export interface IceCredentials {
  readonly ufrag: string;
  readonly pwd: string;
}

/** One side of an ICE and DTLS transport. */
export interface Transport<Setup extends string = 'actpass' | 'active' | 'passive'> {
  readonly ice: IceCredentials;
  /** Bytes of the SHA-256 fingerprint, `AB:CD:...` in upper case. */
  readonly fingerprint: string;
  readonly setup: Setup;
}

/** What one section says of its transport, checked; undefined where it says nothing. */
export interface TransportLines {
  readonly ufrag: string | undefined;
  readonly pwd: string | undefined;
  readonly fingerprint: string | undefined;
  readonly setup: string | undefined;
}

/** The transport lines of a section, with those of the session (OBS) where it has none. */
export function readTransportLines(
  attributes: Attributes,
  session: TransportLines = NOTHING,
): TransportLines {
  const ufrag = single(attributes, 'ice-ufrag');
  const pwd = single(attributes, 'ice-pwd');
  if (ufrag !== undefined && !isUfrag(ufrag)) {
    malformed('a=ice-ufrag takes 4 to 256 letters, digits, + or /.');
  }
  if (pwd !== undefined && !isPwd(pwd)) {
    malformed('a=ice-pwd takes 22 to 256 letters, digits, + or /.');
  }
  return {
    ufrag: ufrag ?? session.ufrag,
    pwd: pwd ?? session.pwd,
    fingerprint: readFingerprint(attributes) ?? session.fingerprint,
    setup: single(attributes, 'setup') ?? session.setup,
  };
}

/** The transport of an offer; refuses one that DTLS-SRTP cannot be built on. */
export function toTransport(lines: TransportLines): Transport {
  if (lines.ufrag === undefined || lines.pwd === undefined) {
    unacceptable('The offer has no a=ice-ufrag and a=ice-pwd; media needs ICE.');
  }
  if (lines.fingerprint === undefined) {
    unacceptable(
      'The offer has no a=fingerprint of the kind sha-256 with 32 bytes; DTLS needs it.',
    );
  }
  // RFC 4145 §4: an offerer that says nothing is active
  const setup = lines.setup ?? 'active';
  if (setup !== 'actpass' && setup !== 'active' && setup !== 'passive') {
    unacceptable('a=setup is none of actpass, active and passive; send actpass.');
  }
  return { ice: { ufrag: lines.ufrag, pwd: lines.pwd }, fingerprint: lines.fingerprint, setup };
}

/** RFC 8839 §5.4, the limits of an ice-ufrag. */
export function isUfrag(value: string): boolean {
  return /^[A-Za-z0-9+/]{4,256}$/.test(value);
}

/** RFC 8839 §5.4, the limits of an ice-pwd. */
export function isPwd(value: string): boolean {
  return /^[A-Za-z0-9+/]{22,256}$/.test(value);
}

function readFingerprint(attributes: Attributes): string | undefined {
  for (const value of attributes.get('fingerprint') ?? []) {
    const bytes = /^sha-256 ((?:[0-9A-F]{2}:){31}[0-9A-F]{2})$/i.exec(value)?.[1];
    if (bytes !== undefined) return bytes.toUpperCase();
  }
  return undefined;
}

function unacceptable(message: string): never {
  throw new GatewayError('offer-unacceptable', message);
}

const NOTHING: TransportLines = {
  ufrag: undefined,
  pwd: undefined,
  fingerprint: undefined,
  setup: undefined,
};
