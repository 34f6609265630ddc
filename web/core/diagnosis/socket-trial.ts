import {
  TOKEN_PROTOCOL_PREFIX,
  VIEWER_PROTOCOL,
} from '../../../gateway/protocol/viewer-protocol.ts';
import type { BrowserPort } from '../browser-port.ts';

const OPEN_MS = 6_000;

/** Whether a WebSocket to the gateway opens; never throws. What it may do then is another matter. */
export async function trySocket(
  port: BrowserPort,
  { url, token }: { readonly url: string; readonly token: string },
): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  let socket: WebSocket;
  try {
    socket = port.openWebSocket(url, [VIEWER_PROTOCOL, TOKEN_PROTOCOL_PREFIX + token]);
  } catch {
    return false;
  }
  const timer = setTimeout(() => resolve(false), OPEN_MS);
  socket.onopen = () => resolve(true);
  socket.onclose = () => resolve(false);
  const isOpen = await promise;
  clearTimeout(timer);
  socket.onclose = null;
  socket.close(1000);
  return isOpen;
}
