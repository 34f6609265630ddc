import { readIceUrl } from './ice-url.ts';
import type { IceList } from './ice-source.ts';
import type { IceServer } from '../protocol/ice.ts';

/** Browsers warn of more than a few; `IceServerList` takes no more. */
const MAX_SERVERS = 16;

/** All lists as one, in their order: the first that names a URL gives its credentials. */
export function merge(lists: readonly IceList[]): IceList {
  const seen = new Set<string>();
  const servers: IceServer[] = [];
  let expiresAt = Infinity;
  for (const list of lists) {
    let isUsed = false;
    for (const server of list.servers) {
      const urls = server.urls.filter((url) => !seen.has(canonical(url)));
      if (urls.length === 0 || servers.length === MAX_SERVERS) continue;
      for (const url of urls) seen.add(canonical(url));
      servers.push({ ...server, urls });
      isUsed = true;
    }
    if (isUsed) expiresAt = Math.min(expiresAt, list.expiresAt);
  }
  return { servers, expiresAt };
}

/** Two ways to write the same server are one. */
const canonical = (url: string): string => JSON.stringify(readIceUrl(url));
