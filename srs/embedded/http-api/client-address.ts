import type { IncomingMessage } from 'node:http';

/** The longest text of an IPv6 address with a zone; headers are a stranger's text. */
const LIMIT = 64;

/**
 * Who is shown as the client: the left-most X-Forwarded-For, else X-Real-IP, else the TCP peer. As
 * in SRS the headers are believed, so whoever stands in front must overwrite them.
 */
export function clientAddress(request: IncomingMessage): string {
  const forwarded = headerText(request, 'x-forwarded-for').split(',', 1)[0]?.trim() ?? '';
  if (forwarded !== '') return forwarded.slice(0, LIMIT);
  const real = headerText(request, 'x-real-ip').trim();
  // SRS cuts at the first colon, which breaks IPv6: here only IPv4 loses its port.
  if (real !== '') return real.replace(/^([\d.]+):\d+$/, '$1').slice(0, LIMIT);
  return (request.socket.remoteAddress ?? '').replace(/^::ffff:/, '');
}

function headerText(request: IncomingMessage, name: string): string {
  const value = request.headers[name];
  return typeof value === 'string' ? value : (value?.[0] ?? '');
}
