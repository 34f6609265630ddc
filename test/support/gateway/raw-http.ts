import { connect } from 'node:net';

/** A reply as it came over the socket. */
export interface RawReply {
  readonly status: number;
  readonly head: string;
  readonly body: string;
}

/**
 * Sends bytes that no HTTP library would send and reads until the server closes; the request must
 * ask for that (`Connection: close`) or deserve it. `from` is the loopback address of the client.
 */
export async function sendRaw(
  url: string,
  lines: readonly string[],
  body: string | Uint8Array = '',
  from = '127.0.0.1',
): Promise<RawReply> {
  const { hostname, port } = new URL(url);
  const socket = connect({ port: Number(port), host: hostname, localAddress: from });
  const chunks: Buffer[] = [];
  socket.on('data', (chunk) => chunks.push(chunk));
  socket.on('error', () => undefined);
  socket.write(Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`), Buffer.from(body)]));
  // Not once(): it rejects on an error, and a server may reset what it has refused.
  await new Promise((resolve) => socket.on('close', resolve));
  const text = Buffer.concat(chunks).toString('latin1');
  const end = text.indexOf('\r\n\r\n');
  const head = end < 0 ? text : text.slice(0, end);
  return {
    status: Number(/^HTTP\/1\.1 (\d{3})/.exec(head)?.[1] ?? 0),
    head,
    body: end < 0 ? '' : text.slice(end + 4),
  };
}
