import type { Page } from '../../../gateway/protocol/api/page.ts';

const LIMIT = 200;
/** A list that grows faster than it is read ends here. */
const MOST_PAGES = 100;

/** All of a list, page by page. */
export async function readAll<T>(
  read: (at: { readonly limit: number; readonly cursor?: string }) => Promise<Page<T>>,
): Promise<readonly T[]> {
  const all: T[] = [];
  let cursor: string | null = null;
  for (let pages = 0; pages < MOST_PAGES; pages += 1) {
    const page: Page<T> = await read({ limit: LIMIT, ...(cursor === null ? {} : { cursor }) });
    all.push(...page.items);
    cursor = page.next;
    if (cursor === null) break;
  }
  return all;
}
