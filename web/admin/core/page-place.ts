/** Where in a list one is: the cursors of the pages before, and of this one; none: the first. */
export interface PagePlace {
  readonly cursors: readonly string[];
}

export const FIRST_PAGE: PagePlace = { cursors: [] };

/** What the list is asked for. */
export const cursorOf = ({ cursors }: PagePlace): { readonly cursor?: string } => {
  const cursor = cursors.at(-1);
  return cursor === undefined ? {} : { cursor };
};

/** The page after this one, by what this one said. */
export const nextPage = ({ cursors }: PagePlace, next: string): PagePlace => ({
  cursors: [...cursors, next],
});

/** The page before; the first stays where it is. */
export const previousPage = ({ cursors }: PagePlace): PagePlace => ({
  cursors: cursors.slice(0, -1),
});

/** `51–100 of 5,000`, `none`. */
export function showPlace(
  { cursors }: PagePlace,
  {
    limit,
    shown,
    total,
  }: { readonly limit: number; readonly shown: number; readonly total: number },
): string {
  if (shown === 0) return total === 0 ? 'none' : `none of ${total.toLocaleString('en')}`;
  const first = cursors.length * limit + 1;
  const range =
    shown === 1
      ? `${first}`
      : `${first.toLocaleString('en')}–${(first + shown - 1).toLocaleString('en')}`;
  return `${range} of ${total.toLocaleString('en')}`;
}
