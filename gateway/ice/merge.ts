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

/** Two ways to write the same server, as far as defaults go (RFC 7064, RFC 7065). */
function canonical(url: string): string {
  const [scheme = '', host = '', port = '', transport = ''] =
    /^(\w+):(.*?)(?::(\d+))?(?:\?transport=(\w+))?$/.exec(url.toLowerCase())?.slice(1) ?? [];
  const isSecure = scheme.endsWith('s');
  const usual = { port: isSecure ? '5349' : '3478', transport: isSecure ? 'tcp' : 'udp' };
  return `${scheme}:${host}:${port || usual.port}:${transport || usual.transport}`;
}
