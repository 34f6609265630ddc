import { useCallback, useState } from 'react';
import type { Page } from '../../gateway/protocol/api/page.ts';
import { useLive } from './console-context.ts';
import type { Live } from './console-context.ts';
import type { Topic } from './core/news.ts';
import { FIRST_PAGE, cursorOf } from './core/page-place.ts';
import type { PagePlace } from './core/page-place.ts';

/** Items of one page of a list. */
export const PAGE_LIMIT = 50;

/** What of a list is asked for. */
export interface PageAt {
  readonly limit: number;
  readonly cursor?: string;
}

/** A list of which one page is shown. */
export interface Paged<T> {
  readonly live: Live<Page<T>>;
  readonly place: PagePlace;
  readonly move: (place: PagePlace) => void;
}

/** Keeps a page of a list up to date; another `read` (another search) begins at the first one. */
export function usePaged<T>(
  read: (at: PageAt) => Promise<Page<T>>,
  topics: readonly Topic[],
): Paged<T> {
  const [held, setHeld] = useState({ read, place: FIRST_PAGE });
  const place = held.read === read ? held.place : FIRST_PAGE;
  const readHere = useCallback(
    () => read({ limit: PAGE_LIMIT, ...cursorOf(place) }),
    [read, place],
  );
  return {
    live: useLive(readHere, topics),
    place,
    move: (next) => setHeld({ read, place: next }),
  };
}
