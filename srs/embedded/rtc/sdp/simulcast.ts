import { MediaError } from '../../media.ts';
import type { SdpPart } from './lines.ts';

/** One encoding that a publisher offers to send at the same time as others. */
export interface OfferedLayer {
  /** The client's rid; of an SSRC group, the place in it. */
  readonly rid: string;
  /** Known beforehand only with SSRC groups. */
  readonly ssrc: number | null;
  readonly rtxSsrc: number | null;
}

/** A publisher's layers, agreed, with the header extension ids that name them in packets. */
export interface AgreedLayers {
  readonly encodings: readonly OfferedLayer[];
  /** Whether they were offered by a=rid, and so are to be listed in the answer (RFC 8853 §5.3.2). */
  readonly named: boolean;
  readonly midId: number | null;
  readonly ridId: number | null;
  readonly repairedId: number | null;
}

const MAX_LAYERS = 4;
/** RFC 8851 §10 with the "-" and "_" of RFC 8852 §3.3. */
const RID = /^[A-Za-z0-9_-]{1,16}$/;
const SDES = 'urn:ietf:params:rtp-hdrext:sdes:';
/** Header extensions that tell which layer a packet belongs to. */
export const LAYER_EXTENSIONS = {
  midId: `${SDES}mid`,
  ridId: `${SDES}rtp-stream-id`,
  repairedId: `${SDES}repaired-rtp-stream-id`,
} as const;

/** The layers that an m-line offers to send; null without simulcast. @throws MediaError 5018 */
export const readLayers = (part: SdpPart): AgreedLayers | null => {
  const rids = readRids(part);
  const encodings = rids.length > 0 ? rids : readGroup(part);
  if (encodings.length < 2 && rids.length === 0) return null;
  if (encodings.length > MAX_LAYERS) {
    throw new MediaError(5018, `more than ${MAX_LAYERS} simulcast layers`);
  }
  const { midId, ridId, repairedId } = LAYER_EXTENSIONS;
  const layers = {
    encodings,
    named: rids.length > 0,
    midId: extensionId(part, midId),
    ridId: extensionId(part, ridId),
    repairedId: extensionId(part, repairedId),
  };
  if (layers.named && layers.ridId === null) {
    throw new MediaError(5018, 'rids without the rtp-stream-id header extension');
  }
  return layers;
};

/** RFC 8853 §5.1: streams parted by `;`, alternatives by `,` of which the first is meant. */
const readRids = (part: SdpPart): OfferedLayer[] => {
  const declared = new Set(
    (part.attributes.get('rid') ?? []).flatMap((value) => {
      const [rid = '', direction] = value.split(' ', 2);
      return direction === 'send' && RID.test(rid) ? [rid] : [];
    }),
  );
  const [, list = ''] =
    /(?:^| )send +(\S+)/.exec(part.attributes.get('simulcast')?.[0] ?? '') ?? [];
  const named = list.split(';').map((stream) => (stream.split(',')[0] ?? '').replace(/^~/, ''));
  const rids = new Set(list === '' ? declared : named.filter((rid) => declared.has(rid)));
  return [...rids].map((rid) => ({ rid, ssrc: null, rtxSsrc: null }));
};

/** Older clients: `a=ssrc-group:SIM`, lowest first, and a `FID` pair for each that has RTX. */
const readGroup = (part: SdpPart): OfferedLayer[] => {
  const groups = (part.attributes.get('ssrc-group') ?? []).map((value) => value.split(/ +/));
  const ssrcs =
    groups
      .find(([semantics]) => semantics === 'SIM')
      ?.slice(1)
      .map(toSsrc) ?? [];
  const pairs = groups
    .filter(([semantics]) => semantics === 'FID')
    .map((ids) => ids.slice(1).map(toSsrc));
  if (ssrcs.includes(null) || new Set(ssrcs).size < ssrcs.length) return [];
  return ssrcs.map((ssrc, index) => ({
    rid: String(index),
    ssrc,
    rtxSsrc: pairs.find(([primary]) => primary === ssrc)?.[1] ?? null,
  }));
};

const toSsrc = (digits: string): number | null => {
  const ssrc = /^\d{1,10}$/.test(digits) ? Number(digits) : 0;
  return ssrc >= 1 && ssrc <= 0xffff_ffff ? ssrc : null;
};

/** The number of a header extension in an m-line, or null. */
export const extensionId = (part: SdpPart, uri: string): number | null => {
  for (const value of part.attributes.get('extmap') ?? []) {
    const [, id = '', found] = /^(\d{1,3})(?:\/\w+)? (\S+)/.exec(value) ?? [];
    if (found === uri && Number(id) >= 1 && Number(id) <= 255) return Number(id);
  }
  return null;
};
