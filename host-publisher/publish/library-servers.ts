import type { IceServer as LibraryServer } from 'node-datachannel';
import type { IceServer } from '../media/plan.ts';

const STUN_PORT = 3_478;
const URL_PARTS = /^(stuns?|turns?):(\[[^\]]+\]|[^:?]+)(?::(\d+))?(?:\?transport=(udp|tcp))?$/;

/** STUN and TURN servers as libdatachannel takes them; its TURN goes by UDP alone. */
export function libraryServers(servers: readonly IceServer[]): (string | LibraryServer)[] {
  return servers.flatMap(({ url, username, credential }): (string | LibraryServer)[] => {
    const [, scheme = 'stun', hostname = '', port, transport] = URL_PARTS.exec(url) ?? [];
    if (scheme.startsWith('stun')) return [`stun:${hostname}:${port ?? STUN_PORT}`];
    if (scheme === 'turns' || transport === 'tcp') return [];
    return [
      {
        hostname,
        port: Number(port ?? STUN_PORT),
        ...(username === undefined ? {} : { username }),
        ...(credential === undefined ? {} : { password: credential }),
        relayType: 'TurnUdp',
      },
    ];
  });
}
