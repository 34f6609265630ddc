import { GatewayError } from '../errors.ts';
import { LIMITS } from '../limits/limits.ts';
import { malformed, single, type Attributes } from './lines.ts';
import { readGroup, type Ssrc } from './ssrc.ts';

/** What a publisher offers to send at the same time: by name, or as the SSRCs of a group. */
export interface OfferedLayers {
  /** RFC 8853, in the order of the offer. */
  readonly rids: readonly string[];
  /** `a=ssrc-group:SIM` of older clients, lowest first. */
  readonly group: readonly Ssrc[];
}

/** The layers that an m-line offers to send; null without simulcast. @throws GatewayError */
export function readLayers(attributes: Attributes): OfferedLayers | null {
  const rids = readRids(attributes);
  const group = rids.length > 0 ? [] : readGroup(attributes);
  const count = Math.max(rids.length, group.length);
  if (rids.length === 0 && group.length < 2) return null;
  if (count > LIMITS.layers) {
    throw new GatewayError(
      'simulcast-unsupported',
      `The offer has ${count} simulcast layers; publish at most ${LIMITS.layers}.`,
    );
  }
  return { rids, group };
}

/** RFC 8853 §5.1: streams are parted by `;`; of alternatives, parted by `,`, the first is taken. */
function readRids(attributes: Attributes): readonly string[] {
  const declared = (attributes.get('rid') ?? []).flatMap((value) => {
    const [, rid, direction] = /^(\S+) (send|recv)(?: |$)/.exec(value) ?? [];
    if (rid === undefined || !RID.test(rid))
      malformed('An a=rid line is not of the form a=rid:id send.');
    return direction === 'send' ? [rid] : [];
  });
  const simulcast = single(attributes, 'simulcast');
  const [, list] = /(?:^| )send (\S+)/.exec(simulcast ?? '') ?? [];
  const named = list?.split(';').map((each) => (each.split(',')[0] ?? '').replace(/^~/, ''));
  const rids = named ?? declared;
  if (new Set(rids).size < rids.length || rids.some((rid) => !declared.includes(rid))) {
    malformed('a=simulcast names a layer twice, or one without an a=rid line.');
  }
  return rids;
}

/** The layers of an answer to a publisher: the names that it is ready to receive. */
export function readReceivedRids(attributes: Attributes): ReadonlySet<string> {
  const [, list = ''] = /(?:^| )recv (\S+)/.exec(attributes.get('simulcast')?.[0] ?? '') ?? [];
  const alone = (attributes.get('rid') ?? []).map((value) => value.split(' ', 1)[0] ?? '');
  return new Set(list === '' ? alone : list.split(';'));
}

/** RFC 8852 §3.3: letters and digits; browsers take "-" and "_" too. */
const RID = /^[A-Za-z0-9_-]{1,16}$/;
