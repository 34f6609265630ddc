/** Ends a WebSocket of which nothing is heard any more. */
export function dropSocket(socket: WebSocket | null, code: number): void {
  if (socket === null) return;
  socket.onopen = null;
  socket.onmessage = null;
  socket.onclose = null;
  socket.close(code);
}
