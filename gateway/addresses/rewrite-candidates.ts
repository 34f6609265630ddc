import type { Candidate } from '../sdp/candidate.ts';

/** A literal address in the order of preference; port null: the media server's. */
export interface AnnouncedLiteral {
  readonly ip: string;
  readonly port: number | null;
}

/** RFC 8445 §5.1.2.1: type preference of host candidates, and the local one of the first. */
const HOST_PREFERENCE = 126 * 2 ** 24;
const FIRST_LOCAL = 65_535;

/**
 * The candidates that clients get in place of a media server's: each announced address with each
 * port that it listens on, the first address preferred. TCP ports are kept where the address has
 * no port of its own, which is UDP's.
 */
export function rewriteCandidates(
  own: readonly Candidate[],
  announced: readonly AnnouncedLiteral[],
): readonly Candidate[] {
  if (announced.length === 0) return own;
  const ways = distinctWays(own);
  const places = announced.flatMap(({ ip, port }) =>
    ways
      .filter(({ transport }) => port === null || transport === 'udp')
      .map((way) => ({ ...way, ip, port: port ?? way.port })),
  );
  return distinct(places).map((place, index) => ({
    ...place,
    foundation: String(index),
    priority: HOST_PREFERENCE + (FIRST_LOCAL - index) * 2 ** 8 + 255,
  }));
}

const distinctWays = (own: readonly Candidate[]): readonly Candidate[] =>
  firstOfEach(own, ({ transport, port }) => `${transport} ${port}`);

const distinct = (places: readonly Candidate[]): readonly Candidate[] =>
  firstOfEach(places, ({ transport, ip, port }) => `${transport} ${ip} ${port}`);

function firstOfEach(list: readonly Candidate[], keyOf: (each: Candidate) => string): Candidate[] {
  const found = new Map<string, Candidate>();
  for (const each of list) if (!found.has(keyOf(each))) found.set(keyOf(each), each);
  return [...found.values()];
}
