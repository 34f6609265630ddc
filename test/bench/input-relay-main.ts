/** The baseline: two sockets, and what one sends goes to the other as it came. */
import { WebSocketServer, type WebSocket } from 'ws';

const server = new WebSocketServer({ host: '127.0.0.1', port: 0, perMessageDeflate: false });
const sockets: WebSocket[] = [];
server.on('connection', (socket) => {
  sockets.push(socket);
  socket.on('message', (data: Buffer) => {
    for (const other of sockets) if (other !== socket) other.send(data, { binary: false });
  });
});
server.on('listening', () => process.send?.((server.address() as { port: number }).port));
process.on('disconnect', () => process.exit(0));
