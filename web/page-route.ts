import { readMediaMode } from './core/roaming/media-mode.ts';
import type { MediaMode } from './core/roaming/media-mode.ts';

/** Pages of one source of a room. */
export type SourcePage = 'share' | 'camera' | 'watch';

/** Which way media takes; `direct`: from peer to peer, past every server but TURN. */
export type PageMode = MediaMode | 'direct';

/** Which page a path names. */
export type PageRoute =
  | { readonly page: 'landing' }
  | { readonly page: 'login' }
  | { readonly page: 'invite' }
  | { readonly page: 'admin' }
  /** `room` is empty where the address names none. */
  | { readonly page: 'diagnose'; readonly room: string; readonly source: string }
  | {
      readonly page: SourcePage;
      readonly room: string;
      readonly source: string;
      readonly mode: PageMode;
      /** Whether only TURN servers may carry the media, to see whether they do. */
      readonly relayOnly: boolean;
    }
  | { readonly page: 'recordings' }
  | { readonly page: 'recording'; readonly id: string }
  | { readonly page: 'unknown' };

/** The source that an endpoint means when its address names none. */
export const DEFAULT_SOURCE = 'main';

/** The source that a page means when its query names none. */
const pageSources: Readonly<Record<SourcePage, string>> = {
  share: DEFAULT_SOURCE,
  camera: 'camera',
  watch: DEFAULT_SOURCE,
};

const NAME = /^[A-Za-z0-9_-]{1,64}$/;

/** Whether `name` may be a room or a source. */
export function isName(name: string): boolean {
  return NAME.test(name);
}

/** Reads a URL's path and query; a name that the gateway would refuse is an unknown page. */
export function parsePageRoute(pathname: string, search: string): PageRoute {
  const [page = '', room, ...rest] = pathname.replace(/^\/|\/$/g, '').split('/');
  // The console reads the rest of its addresses itself.
  if (page === 'admin') return { page: 'admin' };
  if (rest.length > 0) return { page: 'unknown' };
  if (page === '' && room === undefined) return { page: 'landing' };
  if ((page === 'login' || page === 'invite') && room === undefined) return { page };
  if (page === 'diagnose' && room === undefined) return readDiagnose(new URLSearchParams(search));
  if (page === 'recordings') return readRecordings(room);
  if (!isSourcePage(page)) return { page: 'unknown' };
  const query = new URLSearchParams(search);
  const source = query.get('source') ?? pageSources[page];
  if (room === undefined || !isName(room) || !isName(source)) return { page: 'unknown' };
  const mode = readPageMode(query.get('mode'));
  return { page, room, source, mode, relayOnly: query.get('ice') === 'relay' };
}

const isSourcePage = (page: string): page is SourcePage => Object.hasOwn(pageSources, page);

const readPageMode = (value: string | null): PageMode =>
  value === 'direct' ? value : (readMediaMode(value) ?? 'auto');

function readRecordings(id: string | undefined): PageRoute {
  if (id === undefined) return { page: 'recordings' };
  return /^[0-9a-z]{16}$/.test(id) ? { page: 'recording', id } : { page: 'unknown' };
}

function readDiagnose(query: URLSearchParams): PageRoute {
  const [room, source] = [query.get('room') ?? '', query.get('source') ?? DEFAULT_SOURCE];
  if ((room !== '' && !isName(room)) || !isName(source)) return { page: 'unknown' };
  return { page: 'diagnose', room, source };
}

/** Where a page leads who sees no picture; the token stays in the fragment. */
export function diagnoseLink(place: { room: string; source: string }, token: string): string {
  const query = new URLSearchParams({
    room: place.room,
    ...(place.source === DEFAULT_SOURCE ? {} : { source: place.source }),
  });
  const hash = token === '' ? '' : `#${new URLSearchParams({ token }).toString()}`;
  return `/diagnose?${query.toString()}${hash}`;
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
  target: {
    readonly page: SourcePage;
    readonly room: string;
    readonly source: string;
    readonly mode?: PageMode;
  },
  fragment: Readonly<Record<string, string>>,
): string {
  const query = new URLSearchParams();
  if (target.source !== pageSources[target.page]) query.set('source', target.source);
  if (target.mode === 'direct') query.set('mode', 'direct');
  const asked = query.size === 0 ? '' : `?${query}`;
  const hash = new URLSearchParams(fragment).toString();
  return `${origin}/${target.page}/${target.room}${asked}#${hash}`;
}

/** The source of a page that is linked without naming one. */
export const sourceOfPage = (page: SourcePage): string => pageSources[page];
