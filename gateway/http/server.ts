import { createServer, type RequestListener, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer, Server as TlsServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { addressKey } from '../limits/address-key.ts';
import { LIMITS } from '../limits/limits.ts';
import type { Networks } from '../limits/networks.ts';
import type { Certificate } from '../tls/certificate.ts';
import { Connections } from './connections.ts';
import { Turns } from './turns.ts';
import { mayUpgrade, refuseTunnel, serveUpgrades } from './upgrades.ts';

/** Slow clients are cut off (X26; node looks for them every 30 s unless told). */
export const PATIENCE: Record<
  'headersTimeout' | 'requestTimeout' | 'connectionsCheckingInterval',
  number
> = {
  headersTimeout: LIMITS.headersMs,
  requestTimeout: LIMITS.requestMs,
  connectionsCheckingInterval: LIMITS.slowClientsCheckMs,
};
const CLOSE_GRACE_MS = 1_000;
const MIN_TLS = 'TLSv1.2';

export interface ServerOptions {
  readonly host: string;
  /** 0 takes any free port. */
  readonly port: number;
  readonly tls: Certificate | undefined;
  readonly maxConnections: number;
  readonly maxConnectionsPerAddress: number;
  /** Proxies, and other gateways, bring the connections of many. */
  readonly trustedProxies: Pick<Networks, 'has'>;
  readonly patience?: typeof PATIENCE;
}

/** One listening HTTP or HTTPS server. */
export class HttpServer {
  readonly #server: Server;
  readonly #options: ServerOptions;
  readonly #connections: Connections;

  constructor(options: ServerOptions, handler: RequestListener) {
    this.#options = options;
    const { tls, patience = PATIENCE, trustedProxies } = options;
    const limits = {
      ...patience,
      maxHeaderSize: LIMITS.headerBytes,
      shouldUpgradeCallback: mayUpgrade,
    };
    const handle = withoutPipelines(inTurns(handler, trustedProxies));
    this.#server =
      tls === undefined
        ? createServer(limits, handle)
        : createTlsServer(
            { ...limits, ...tls, minVersion: MIN_TLS, handshakeTimeout: LIMITS.handshakeMs },
            handle,
          );
    // Whoever reads the body asks for it: a refusal comes before the client sends it (WI-24).
    this.#server.on('checkContinue', handle);
    serveUpgrades(this.#server, handle);
    this.#server.on('clientError', answerUnreadable);
    this.#server.on('connect', refuseTunnel);
    this.#server.maxConnections = options.maxConnections;
    // Node would drop what is beyond; the application refuses it instead (X32).
    this.#server.maxHeadersCount = 0;
    this.#server.keepAliveTimeout = LIMITS.keepAliveMs;
    this.#server.timeout = LIMITS.stalledMs;
    this.#connections = new Connections({
      perAddress: options.maxConnectionsPerAddress,
      isExempt: (address) => trustedProxies.has(address),
    });
    this.#connections.watch(this.#server);
  }

  /** Addresses that have a connection now. */
  get addresses(): number {
    return this.#connections.addresses;
  }

  /** Resolves with the port. @throws the system's error, e.g. EADDRINUSE */
  async listen(): Promise<number> {
    const { promise, resolve, reject } = Promise.withResolvers<undefined>();
    this.#server.once('error', reject);
    const { port, host } = this.#options;
    const backlog = LIMITS.connectionsWaiting;
    this.#server.listen({ port, host, backlog }, () => resolve(undefined));
    await promise;
    this.#server.off('error', reject);
    return (this.#server.address() as AddressInfo).port;
  }

  /** New connections get this certificate, running ones keep theirs. */
  setCertificate(certificate: Certificate): void {
    if (this.#server instanceof TlsServer)
      this.#server.setSecureContext({ ...certificate, minVersion: MIN_TLS });
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

/** Begins requests fairly among addresses; proxies bring the requests of many. */
function inTurns(handler: RequestListener, trustedProxies: Pick<Networks, 'has'>): RequestListener {
  const turns = new Turns();
  return (req, res: ServerResponse) => {
    const address = req.socket.remoteAddress ?? '';
    if (trustedProxies.has(address)) handler(req, res);
    else turns.take(addressKey(address), () => handler(req, res));
  };
}

/** Cuts a connection off that sends requests without waiting for their answers (X28). */
function withoutPipelines(handler: RequestListener): RequestListener {
  const waiting = new WeakMap<Socket, number>();
  return (req, res: ServerResponse) => {
    const { socket } = req;
    const count = (waiting.get(socket) ?? 0) + 1;
    if (count > LIMITS.pipelinedRequests) {
      socket.destroy();
      return;
    }
    waiting.set(socket, count);
    res.once('close', () => waiting.set(socket, (waiting.get(socket) ?? 1) - 1));
    handler(req, res);
  };
}

/** What node's parser cannot read never reaches the application; anything but 400 has a name. */
function answerUnreadable(error: Error, socket: Duplex): void {
  const code = 'code' in error ? String(error.code) : '';
  if (!socket.writable || code === 'ECONNRESET') {
    socket.destroy();
    return;
  }
  const status = UNREADABLE.get(code) ?? '400 Bad Request';
  // Destroyed, or a client that never closes its side would keep the socket.
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`, () =>
    socket.destroy(),
  );
}

const UNREADABLE: ReadonlyMap<string, string> = new Map([
  ['HPE_INVALID_METHOD', '501 Not Implemented'],
  ['HPE_HEADER_OVERFLOW', '431 Request Header Fields Too Large'],
  ['ERR_HTTP_REQUEST_TIMEOUT', '408 Request Timeout'],
]);
