/** The baseline of fan-out: a bare server of the library that hands on what one client sends to all others. */
import type { AddressInfo } from 'node:net';
import { WebSocketServer } from 'ws';
import { PUBLISH_MEDIA_PROTOCOL } from '../../gateway/protocol/media/media-protocol.ts';

const server = new WebSocketServer({ host: '127.0.0.1', port: 0, perMessageDeflate: false });
server.on('connection', (socket) => {
  socket.on('error', () => undefined);
  if (socket.protocol !== PUBLISH_MEDIA_PROTOCOL) return;
  socket.on('message', (data: Buffer, binary) => {
    for (const client of server.clients) if (client !== socket) client.send(data, { binary });
  });
});
server.on('listening', () => process.send?.((server.address() as AddressInfo).port));
process.on('disconnect', () => process.exit(0));
