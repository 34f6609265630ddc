import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';

/**
 * Slow clients are cut off (X26; node looks for them every 30 s unless told); headers hold one token
 * of at most 4 KiB (X32).
 */
export const LIMITS = {
  maxHeaderSize: 16 * 1024,
  headersTimeout: 10_000,
  requestTimeout: 15_000,
  connectionsCheckingInterval: 1_000,
};
const MAX_CONNECTIONS = 10_000;
const KEEP_ALIVE_MS = 65_000;
const CLOSE_GRACE_MS = 1_000;

export interface ServerOptions {
  readonly host: string;
  /** 0 takes any free port. */
  readonly port: number;
  readonly tls: { readonly cert: string; readonly key: string } | undefined;
  readonly limits?: typeof LIMITS;
}

/** One listening HTTP or HTTPS server. */
export class HttpServer {
  readonly #server: Server;
  readonly #options: ServerOptions;

  constructor(options: ServerOptions, handler: RequestListener) {
    this.#options = options;
    const { tls, limits = LIMITS } = options;
    this.#server =
      tls === undefined
        ? createServer(limits, handler)
        : createTlsServer({ ...limits, ...tls, minVersion: 'TLSv1.2' }, handler);
    // Whoever reads the body asks for it: a refusal comes before the client sends it (WI-24).
    this.#server.on('checkContinue', handler);
    this.#server.on('clientError', answerUnreadable);
    this.#server.maxConnections = MAX_CONNECTIONS;
    this.#server.keepAliveTimeout = KEEP_ALIVE_MS;
  }

  /** Resolves with the port. @throws the system's error, e.g. EADDRINUSE */
  async listen(): Promise<number> {
    const { promise, resolve, reject } = Promise.withResolvers<undefined>();
    this.#server.once('error', reject);
    this.#server.listen(this.#options.port, this.#options.host, () => resolve(undefined));
    await promise;
    this.#server.off('error', reject);
    return (this.#server.address() as AddressInfo).port;
  }

  /** Stops listening, cuts what is idle, and what is not done in a second. Idempotent. */
  async close(): Promise<void> {
    if (!this.#server.listening) return;
    const { promise, resolve } = Promise.withResolvers<undefined>();
    this.#server.close(() => resolve(undefined));
    this.#server.closeIdleConnections();
    const timer = setTimeout(() => this.#server.closeAllConnections(), CLOSE_GRACE_MS);
    await promise;
    clearTimeout(timer);
  }
}

/** What node's parser cannot read never reaches the application; anything but 400 has a name. */
function answerUnreadable(error: Error, socket: Duplex): void {
  const code = 'code' in error ? String(error.code) : '';
  if (!socket.writable || code === 'ECONNRESET') {
    socket.destroy();
    return;
  }
  const status = UNREADABLE.get(code) ?? '400 Bad Request';
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}

const UNREADABLE: ReadonlyMap<string, string> = new Map([
  ['HPE_INVALID_METHOD', '501 Not Implemented'],
  ['HPE_HEADER_OVERFLOW', '431 Request Header Fields Too Large'],
  ['ERR_HTTP_REQUEST_TIMEOUT', '408 Request Timeout'],
]);
