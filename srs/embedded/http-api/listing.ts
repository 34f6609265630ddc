import type { Edge } from '../edge.ts';

/** SRS's paging: `start` from 0, `count` 10 unless told, never below the line's minimum. */
export function pageOf<T>(
  items: readonly T[],
  query: ReadonlyMap<string, string>,
  edge: Edge,
): T[] {
  const start = Math.max(0, leadingInteger(query.get('start')) ?? 0);
  const count = Math.max(edge.minimumCount, leadingInteger(query.get('count')) ?? 10);
  return items.slice(start, start + count);
}

/** C's atoi, with null for a missing value: `12x` is 12, `x` is 0. */
function leadingInteger(text: string | undefined): number | null {
  if (text === undefined || text === '') return null;
  const value = Number.parseInt(text, 10);
  return Number.isNaN(value) ? 0 : value;
}
