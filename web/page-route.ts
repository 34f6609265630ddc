import { readMediaMode } from './core/roaming/media-mode.ts';
import type { MediaMode } from './core/roaming/media-mode.ts';

/** Which page a path names. */
export type PageRoute =
  | { readonly page: 'landing' }
  | { readonly page: 'admin' }
  | {
      readonly page: 'share' | 'watch';
      readonly room: string;
      readonly source: string;
      /** Which way media takes. */
      readonly mode: MediaMode;
    }
  | { readonly page: 'unknown' };

/** The source that a page means when its query names none. */
export const DEFAULT_SOURCE = 'main';

const NAME = /^[A-Za-z0-9_-]{1,64}$/;

/** Whether `name` may be a room or a source. */
export function isName(name: string): boolean {
  return NAME.test(name);
}

/** Reads a URL's path and query; a name that the gateway would refuse is an unknown page. */
export function parsePageRoute(pathname: string, search: string): PageRoute {
  const [page = '', room, ...rest] = pathname.replace(/^\/|\/$/g, '').split('/');
  if (rest.length > 0) return { page: 'unknown' };
  if (page === '' && room === undefined) return { page: 'landing' };
  if (page === 'admin' && room === undefined) return { page: 'admin' };
  if (page !== 'share' && page !== 'watch') return { page: 'unknown' };
  const query = new URLSearchParams(search);
  const source = query.get('source') ?? DEFAULT_SOURCE;
  if (room === undefined || !isName(room) || !isName(source)) return { page: 'unknown' };
  return { page, room, source, mode: readMediaMode(query.get('mode')) ?? 'auto' };
}

/** The path of an endpoint of a source. */
export function endpointPath(
  protocol: 'whip' | 'whep' | 'ws/media',
  room: string,
  source: string,
): string {
  return source === DEFAULT_SOURCE ? `/${protocol}/${room}` : `/${protocol}/${room}/${source}`;
}

/** The link of a page, its token in the fragment, where no server and no log sees it. */
export function pageLink(
  origin: string,
  target: { readonly page: 'share' | 'watch'; readonly room: string; readonly source: string },
  fragment: Readonly<Record<string, string>>,
): string {
  const query = target.source === DEFAULT_SOURCE ? '' : `?source=${target.source}`;
  const hash = new URLSearchParams(fragment).toString();
  return `${origin}/${target.page}/${target.room}${query}#${hash}`;
}
