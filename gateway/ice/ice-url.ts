/** What a URL of RFC 7064 or RFC 7065 names, with its defaults filled in. */
export interface IceAddress {
  readonly kind: 'stun' | 'turn';
  /** Without brackets. */
  readonly host: string;
  readonly port: number;
  readonly transport: 'udp' | 'tcp' | 'tls' | 'dtls';
}

/** Reads a URL that `IceUrl` let through. */
export function readIceUrl(url: string): IceAddress {
  const [scheme = '', host = '', port, transport] =
    /^(\w+):\[?(.*?)\]?(?::(\d+))?(?:\?transport=(\w+))?$/.exec(url.toLowerCase())?.slice(1) ?? [];
  const isSecure = scheme.endsWith('s');
  const carrier = transport ?? (isSecure ? 'tcp' : 'udp');
  return {
    kind: scheme.startsWith('turn') ? 'turn' : 'stun',
    host,
    port: port === undefined ? (isSecure ? 5349 : 3478) : Number(port),
    transport: carrier === 'tcp' ? (isSecure ? 'tls' : 'tcp') : isSecure ? 'dtls' : 'udp',
  };
}
