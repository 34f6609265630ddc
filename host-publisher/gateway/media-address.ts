import { lookup } from 'node:dns/promises';
import { HostError } from '../host-error.ts';

/** Where a media server's UDP port is for this host, whatever it tells clients. */
export interface MediaAddress {
  /** Name or IP address. */
  readonly host: string;
  readonly port: number;
}

/** Above what servers give their own: RFC 8445 §5.1.2.1 for a host candidate. */
const PRIORITY = 2_130_706_431;

/** `host:port`, an IPv6 address in brackets. @throws HostError `usage` */
export function readMediaAddress(text: string): MediaAddress {
  const [, bracketed, plain, port] =
    /^(?:\[([0-9A-Fa-f:.]+)\]|([A-Za-z0-9._-]+)):(\d{1,5})$/.exec(text) ?? [];
  const host = bracketed ?? plain;
  if (host !== undefined && Number(port) >= 1 && Number(port) <= 65_535) {
    return { host, port: Number(port) };
  }
  throw new HostError('usage', 'CS_MEDIA_ADDRESS must be host:port, as srs:8000.');
}

/** The answer with one more candidate in each m-line that has some. */
export async function withMediaAddress(sdp: string, media: MediaAddress): Promise<string> {
  const { address } = await lookup(media.host).catch((cause: unknown) => {
    throw new HostError('gateway', `CS_MEDIA_ADDRESS: ${media.host} is not found.`, { cause });
  });
  const line = `a=candidate:host 1 udp ${PRIORITY} ${address} ${media.port} typ host`;
  return sdp
    .split(/(?=^m=)/m)
    .map((section) => section.replace(/^a=candidate:/m, `${line}\r\n$&`))
    .join('');
}
