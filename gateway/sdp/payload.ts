import { codecOf, type Codec } from './codec.ts';
import { malformed, type Attributes } from './lines.ts';
import { LIMITS } from '../limits/limits.ts';

/** One payload type of a known codec; every member is validated, none is a copied line. */
export interface Payload {
  readonly type: number;
  readonly codec: Codec;
  /** `name=value` pairs joined by `;`, without blanks (SRS cuts at the first); `''` for none. */
  readonly fmtp: string;
  readonly feedback: readonly Feedback[];
}

/** The RTCP feedback that may pass. */
export type Feedback = 'nack' | 'nack pli' | 'ccm fir' | 'transport-cc' | 'goog-remb';

/** The payload types of known codecs, in the order of the m-line; the others are left out. */
export function readPayloads(formats: readonly string[], attributes: Attributes): Payload[] {
  const codecs = readMap(attributes, 'rtpmap');
  const fmtps = readMap(attributes, 'fmtp');
  const feedback = readFeedback(attributes);
  const common = feedback.get('*');
  const payloads: Payload[] = [];
  for (const type of readTypes(formats)) {
    const codec = codecOf(codecs.get(type) ?? '');
    if (codec === null) continue;
    const own = feedback.get(String(type));
    payloads.push({
      type,
      codec,
      fmtp: toFmtp(codec, fmtps.get(type) ?? ''),
      feedback: FEEDBACK.filter((kind) => own?.has(kind) === true || common?.has(kind) === true),
    });
  }
  return payloads;
}

/** The value of one parameter of a payload's fmtp. */
export function parameter(payload: Payload, name: string): string | undefined {
  const pair = payload.fmtp.split(';').find((pair) => pair.startsWith(`${name}=`));
  return pair?.slice(name.length + 1);
}

/** `payloads` and the retransmission of each of them that `all` has. */
export function withRetransmission(
  payloads: readonly Payload[],
  all: readonly Payload[],
): readonly Payload[] {
  const types = new Set(payloads.map((payload) => String(payload.type)));
  const repairs = all.filter(
    (payload) => payload.codec === 'rtx' && types.has(parameter(payload, 'apt') ?? ''),
  );
  return [...payloads, ...repairs];
}

function readTypes(formats: readonly string[]): number[] {
  if (formats.length > LIMITS.payloadTypes) {
    malformed(`An m-line names more than ${LIMITS.payloadTypes} payload types.`);
  }
  const types = formats.map((format) => (/^\d{1,3}$/.test(format) ? Number(format) : 128));
  if (types.some((type) => type > 127)) malformed('A payload type is a number from 0 to 127.');
  if (new Set(types).size < types.length) malformed('An m-line names a payload type twice.');
  return types;
}

/** `<payload type> <rest>`; the first line of a payload type counts. */
function readMap(attributes: Attributes, name: string): ReadonlyMap<number, string> {
  const map = new Map<number, string>();
  for (const value of attributes.get(name) ?? []) {
    const [, type, rest] = /^(\d{1,3}) (.+)$/.exec(value) ?? [];
    if (type === undefined || rest === undefined || map.has(Number(type))) continue;
    map.set(Number(type), rest);
  }
  return map;
}

/** By payload type; `*` is expanded by the caller, because SRS refuses `a=rtcp-fb:*`. */
function readFeedback(attributes: Attributes): ReadonlyMap<string, ReadonlySet<string>> {
  const feedback = new Map<string, Set<string>>();
  for (const value of attributes.get('rtcp-fb') ?? []) {
    const blank = value.indexOf(' ');
    const type = value.slice(0, Math.max(blank, 0));
    const kinds = feedback.get(type) ?? new Set();
    feedback.set(type, kinds.add(value.slice(blank + 1)));
  }
  return feedback;
}

function toFmtp(codec: Codec, text: string): string {
  const pairs = new Map<string, string>();
  for (const part of text.split(';')) {
    const [, name, value] = /^([A-Za-z0-9-]+)=([A-Za-z0-9+/=.,:-]+)$/.exec(part.trim()) ?? [];
    if (name === undefined || value === undefined || pairs.has(name)) continue;
    pairs.set(name, value);
  }
  if (codec === 'h264') completeH264(pairs);
  return [...pairs].map(([name, value]) => `${name}=${value}`).join(';');
}

/** SRS drops a payload that lacks one of the three, and knows `42e01f` in lower case only. */
function completeH264(pairs: Map<string, string>): void {
  if (!pairs.has('level-asymmetry-allowed')) pairs.set('level-asymmetry-allowed', '1');
  if (!pairs.has('packetization-mode')) pairs.set('packetization-mode', '0');
  pairs.set('profile-level-id', (pairs.get('profile-level-id') ?? '42e01f').toLowerCase());
}

const FEEDBACK: readonly Feedback[] = ['nack', 'nack pli', 'ccm fir', 'transport-cc', 'goog-remb'];
