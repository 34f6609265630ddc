/** A server's memory after so many joins. */
export interface MemoryPoint {
  readonly joins: number;
  readonly rssBytes: number;
}

export interface MemoryGrowth {
  /** MiB per 1,000 joins, from the first point to the middle one and from there to the last. */
  readonly firstHalf: number;
  readonly secondHalf: number;
  readonly verdict: string;
}

/** Less than this is noise of the allocators. */
const FLAT = 0.5;

/** Tells a plateau from growth: a leak costs every thousand joins the same. */
export function memoryGrowth(
  early: MemoryPoint,
  middle: MemoryPoint,
  end: MemoryPoint,
): MemoryGrowth {
  const firstHalf = perThousand(early, middle);
  const secondHalf = perThousand(middle, end);
  return { firstHalf, secondHalf, verdict: verdictOf(firstHalf, secondHalf) };
}

function perThousand(from: MemoryPoint, to: MemoryPoint): number {
  return (to.rssBytes - from.rssBytes) / 2 ** 20 / ((to.joins - from.joins) / 1000);
}

function verdictOf(firstHalf: number, secondHalf: number): string {
  if (secondHalf <= FLAT) return 'flat';
  return secondHalf < firstHalf / 2 ? 'growing, and slower' : 'growing';
}
