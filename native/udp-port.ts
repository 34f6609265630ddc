import { createSocket } from 'node:dgram';
import { once } from 'node:events';

/**
 * Proves that a UDP port can be bound and gives its number back; 0 finds a free one, because the
 * media library refuses port 0.
 * @throws the system's error, with its `code`, when the port cannot be had.
 */
export async function provenUdpPort(port: number, bindAddress: string | null): Promise<number> {
  const socket = createSocket(bindAddress?.includes(':') === true ? 'udp6' : 'udp4');
  socket.bind({ port, exclusive: true, ...(bindAddress === null ? {} : { address: bindAddress }) });
  try {
    await once(socket, 'listening');
    return socket.address().port;
  } finally {
    socket.close();
  }
}
