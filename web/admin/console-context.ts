import { createContext, useContext, useEffect, useState } from 'react';
import { useObservable } from '../ui/use-observable.ts';
import type { Console } from './console.ts';
import { Refresher } from './core/refresher.ts';
import type { Reading } from './core/reading.ts';
import type { Topic } from './core/news.ts';

export const ConsoleContext = createContext<Console | null>(null);

/** The console that this part is of. */
export function useConsole(): Console {
  const console = useContext(ConsoleContext);
  if (console === null) throw new Error('outside of the console');
  return console;
}

/** What is known of something, and the means to read it anew at once. */
export interface Live<T> {
  readonly reading: Reading<T>;
  readonly refresh: () => Promise<void>;
}

/** Keeps what `read` answers up to date; `read` must keep its identity between renders. */
export function useLive<T>(
  read: () => Promise<T>,
  topics: readonly Topic[],
  everyMs?: number,
): Live<T> {
  const { news, port, explain } = useConsole();
  const make = () =>
    new Refresher({
      read,
      explain,
      news,
      topics,
      page: port,
      ...(everyMs === undefined ? {} : { everyMs }),
    });
  const [held, setHeld] = useState(() => ({ read, refresher: make() }));
  let { refresher } = held;
  if (held.read !== read) {
    refresher = make();
    setHeld({ read, refresher });
  }
  useEffect(() => refresher.start(), [refresher]);
  return { reading: useObservable(refresher.reading), refresh: () => refresher.refresh() };
}

/** The query of the address, and the means to change it. */
export function useAddressQuery(): readonly [
  URLSearchParams,
  (change: Readonly<Record<string, string>>) => void,
] {
  const { history } = useConsole();
  const { search } = useObservable(history.address);
  const query = new URLSearchParams(search);
  return [query, (change) => history.ask({ ...Object.fromEntries(query), ...change })];
}
