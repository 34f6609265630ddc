/** A page of names in order, `next` the one to go on after. */
export interface NamePage<T extends string> {
  readonly names: readonly T[];
  readonly next: T | null;
  readonly total: number;
}

/** The first `limit` names after `after` by code units: one pass, and little to sort. */
export function pageOfNames<T extends string>(
  names: Iterable<T>,
  { after, limit }: { readonly after: string | undefined; readonly limit: number },
): NamePage<T> {
  let first: T[] = [];
  let total = 0;
  let left = 0;
  for (const name of names) {
    total += 1;
    if (after !== undefined && name <= after) continue;
    left += 1;
    first.push(name);
    if (first.length >= limit * BATCHES) first = first.sort(byName).slice(0, limit);
  }
  const page = first.sort(byName).slice(0, limit);
  return { names: page, next: left > limit ? (page.at(-1) ?? null) : null, total };
}

/** Names kept before they are sorted and the later ones dropped, in pages. */
const BATCHES = 8;

const byName = (a: string, b: string): number => (a < b ? -1 : 1);
