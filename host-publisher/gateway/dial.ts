import type { IncomingMessage } from 'node:http';
import { WebSocket } from 'ws';
import { HostError } from '../host-error.ts';
import { bearer } from './bearer.ts';
import { originOf, refusalError, unreachableError } from './refusal.ts';

const HANDSHAKE_MS = 5_000;
const REFUSAL_BYTES = 16 * 1024;

export interface Dialling {
  readonly url: string;
  readonly protocol: string;
  /** What it is called in sentences. */
  readonly name: string;
  readonly token: string;
  readonly maxMessageBytes: number;
  readonly signal: AbortSignal;
  /** Listens before anything can be heard. */
  readonly listen: (socket: WebSocket) => void;
}

/** Opens a WebSocket; every refusal is a sentence and says whether to come again. */
export async function dial(given: Dialling): Promise<WebSocket> {
  const { url, protocol, name, token, maxMessageBytes, signal, listen } = given;
  const { promise, resolve, reject } = Promise.withResolvers<WebSocket>();
  const socket = new WebSocket(url, protocol, {
    headers: { authorization: bearer(token) },
    handshakeTimeout: HANDSHAKE_MS,
    maxPayload: maxMessageBytes,
    perMessageDeflate: false,
  });
  listen(socket);
  const abort = (): void => socket.terminate();
  signal.addEventListener('abort', abort, { once: true });
  socket.on('error', (error) => reject(handshakeError(url, name, error)));
  socket.once('open', () => resolve(socket));
  socket.once('unexpected-response', (_request, response) => {
    void readBody(response).then((body) => {
      const { statusCode: status = 0, headers } = response;
      const retryAfter = headers['retry-after'] ?? null;
      const error = refusalError({ url, status, retryAfter, body });
      reject(error.code === 'refused' && status !== 401 ? noSocket(name, error) : error);
      socket.terminate();
    });
  });
  try {
    return await promise;
  } finally {
    signal.removeEventListener('abort', abort);
  }
}

/** The token is good, but there is no socket for it: an older gateway, or no right to one. */
function noSocket(name: string, { message }: HostError): HostError {
  return new HostError('not-an-endpoint', `No ${name}: ${message}`);
}

/** What answers 101 and then breaks the protocol is another kind of server. */
function handshakeError(url: string, name: string, error: Error): HostError {
  if (/^(Server sent|Invalid )/.test(error.message)) {
    return new HostError('not-an-endpoint', `${originOf(url)} has no ${name} (${error.message}).`, {
      cause: error,
    });
  }
  return unreachableError(url, error);
}

async function readBody(response: IncomingMessage): Promise<string> {
  const timer = setTimeout(() => response.destroy(), HANDSHAKE_MS);
  let body = '';
  try {
    for await (const chunk of response.setEncoding('utf8')) {
      body += String(chunk);
      if (body.length > REFUSAL_BYTES) break;
    }
  } catch {
    // What came of it is all there is.
  }
  clearTimeout(timer);
  return body;
}
