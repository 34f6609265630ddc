/** The baseline: sockets of one room in pairs, and what one sends goes to the other as it came. */
import { WebSocketServer, type WebSocket } from 'ws';

const server = new WebSocketServer({ host: '127.0.0.1', port: 0, perMessageDeflate: false });
const waiting = new Map<string, WebSocket>();

server.on('connection', (socket, req) => {
  const room = req.url ?? '';
  const other = waiting.get(room);
  if (other === undefined) {
    waiting.set(room, socket);
    return;
  }
  waiting.delete(room);
  link(socket, other);
  link(other, socket);
});
server.on('listening', () => process.send?.((server.address() as { port: number }).port));
process.on('disconnect', () => process.exit(0));

const link = (from: WebSocket, to: WebSocket): void => {
  from.on('message', (data: Buffer) => to.send(data, { binary: false }));
};
