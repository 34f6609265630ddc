import { createSocket } from 'node:dgram';
import { once } from 'node:events';

/** A UDP port that nobody had a moment ago. */
export const freeUdpPort = async (): Promise<number> => {
  const socket = createSocket('udp4');
  socket.bind(0);
  await once(socket, 'listening');
  const { port } = socket.address();
  socket.close();
  await once(socket, 'close');
  return port;
};
