import { malformed, type Attributes } from './lines.ts';
import { LIMITS } from '../limits/limits.ts';

/** The RTP source of a section, and that of its retransmissions. */
export interface Ssrc {
  readonly primary: number;
  readonly retransmission: number | null;
}

/**
 * The first source a section declares, or null. Malformed lines are no declaration (X01); what the
 * lines say besides the number is not read, so no text of a client can travel in them.
 */
export function readSsrc(attributes: Attributes): Ssrc | null {
  const lines = attributes.get('ssrc') ?? [];
  if (lines.length > LIMITS.ssrcLines) {
    malformed(`A section has more than ${LIMITS.ssrcLines} a=ssrc lines.`);
  }
  const declared = new Set(lines.map(toNumber).filter((number) => number !== null));
  // FFmpeg 8 names the retransmission in the group alone
  const pairs = readPairs(attributes).filter(([primary]) => declared.has(primary));
  const repairs = new Set(pairs.map(([, retransmission]) => retransmission));
  for (const primary of declared) {
    if (repairs.has(primary)) continue;
    return { primary, retransmission: pairs.find((pair) => pair[0] === primary)?.[1] ?? null };
  }
  return null;
}

/** The members of `a=ssrc-group:SIM`, each with its retransmission; empty without a sound one. */
export function readGroup(attributes: Attributes): readonly Ssrc[] {
  const [members = ''] = (attributes.get('ssrc-group') ?? []).flatMap(
    (value) => /^SIM ((?:\d{1,10} ?){2,})$/.exec(value)?.[1] ?? [],
  );
  const pairs = readPairs(attributes);
  const ssrcs = members.split(' ').flatMap((digits) => toSsrc(digits) ?? []);
  return [...new Set(ssrcs)].map((primary) => ({
    primary,
    retransmission: pairs.find((pair) => pair[0] === primary)?.[1] ?? null,
  }));
}

function toNumber(line: string): number | null {
  const [, digits] = /^(\d{1,10}) [a-z][a-z-]*:\S/.exec(line) ?? [];
  return digits === undefined ? null : toSsrc(digits);
}

/** `a=ssrc-group:FID` of exactly two; a shorter one makes SRS read past the end (SR-12). */
function readPairs(attributes: Attributes): (readonly [number, number])[] {
  const pairs: (readonly [number, number])[] = [];
  for (const value of attributes.get('ssrc-group') ?? []) {
    const [, first, second] = /^FID (\d{1,10}) (\d{1,10})$/.exec(value) ?? [];
    const primary = toSsrc(first ?? '');
    const retransmission = toSsrc(second ?? '');
    if (primary === null || retransmission === null || primary === retransmission) continue;
    pairs.push([primary, retransmission]);
  }
  return pairs;
}

function toSsrc(digits: string): number | null {
  const number = Number(digits);
  return number >= 1 && number <= 0xffff_ffff ? number : null;
}
