import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';

/** The wished TCP port of loopback, or any free one where it is in use. */
export async function freeTcpPort(wished: number): Promise<number> {
  const server = createServer();
  const listening = once(server, 'listening');
  server.listen(wished, '127.0.0.1');
  if (!(await succeeds(listening))) return freeTcpPort(0);
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

/** The wished UDP port of all addresses, or any free one where it is in use. */
export async function freeUdpPort(wished: number): Promise<number> {
  const socket = createSocket('udp4');
  const listening = once(socket, 'listening');
  socket.bind(wished);
  const free = await succeeds(listening);
  const port = free ? socket.address().port : 0;
  socket.close();
  await once(socket, 'close');
  return free ? port : freeUdpPort(0);
}

/** Only that a port is in use is no failure: `once` rejects with the `error` event. */
async function succeeds(listening: Promise<unknown>): Promise<boolean> {
  try {
    await listening;
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EADDRINUSE') return false;
    throw error;
  }
}
