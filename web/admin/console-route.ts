/** The pages of the console, in the order of its navigation. */
export const CONSOLE_PAGES = [
  'overview',
  'rooms',
  'sessions',
  'hosts',
  'nodes',
  'containers',
  'ice',
  'recordings',
  'tokens',
  'invitations',
  'users',
  'webhooks',
  'audit',
  'settings',
] as const;
export type ConsolePageName = (typeof CONSOLE_PAGES)[number];

/** Pages that also show one thing of their list. */
const DETAILED: ReadonlySet<ConsolePageName> = new Set([
  'rooms',
  'sessions',
  'nodes',
  'containers',
  'webhooks',
]);

/** Which page of the console an address names. */
export interface ConsoleRoute {
  readonly page: ConsolePageName;
  /** The one thing that the page is about; null: its list. */
  readonly item: string | null;
}

/** Reads `/admin/…`; null where there is no such page. */
export function parseConsoleRoute(pathname: string): ConsoleRoute | null {
  const [root, page = 'overview', item, ...rest] = pathname.replace(/^\/|\/$/g, '').split('/');
  if (root !== 'admin' || rest.length > 0) return null;
  const known = CONSOLE_PAGES.find((name) => name === page);
  if (known === undefined) return null;
  if (item === undefined) return { page: known, item: null };
  if (!DETAILED.has(known)) return null;
  const name = decode(item);
  return name === null ? null : { page: known, item: name };
}

/** The path of a page, without the fragment that carries the token. */
export function consolePath(
  page: ConsolePageName,
  item: string | null = null,
  query: Readonly<Record<string, string>> = {},
): string {
  const path = item === null ? `/admin/${page}` : `/admin/${page}/${encodeURIComponent(item)}`;
  const asked = new URLSearchParams(query).toString();
  return asked === '' ? path : `${path}?${asked}`;
}

function decode(segment: string): string | null {
  try {
    return decodeURIComponent(segment);
  } catch {
    return null;
  }
}
