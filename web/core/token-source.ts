import type { Observable } from './observable.ts';

/** A token as a link brought it, or one that is renewed while the page is open. */
export type TokenSource = string | Observable<string>;

/** The token of this moment; '' where there is none. */
export const tokenNow = (source: TokenSource): string =>
  typeof source === 'string' ? source : source.value;

/** Calls `listener` with each later token until the returned function is called. */
export function onNewToken(source: TokenSource, listener: (token: string) => void): () => void {
  if (typeof source === 'string') return () => undefined;
  return source.subscribe(() => listener(source.value));
}
