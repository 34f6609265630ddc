import { Agent, request as httpRequest, type IncomingMessage } from 'node:http';
import { Agent as TlsAgent, request as httpsRequest } from 'node:https';
import type { Duplex } from 'node:stream';
import type { Request, Response } from 'express';
import type { PeerGateway } from '../../cluster/homes.ts';
import { PEER_HEADER, type Entry, type PeerPasses } from '../../cluster/peer-pass.ts';
import { RoomMoves, homeAway } from '../../cluster/refusals.ts';
import { LIMITS } from '../../limits/limits.ts';
import { isUpgrade, takeOver } from '../upgrades.ts';
import { MOVES_HEADER, passedRequest } from './peer-entry.ts';

/** RFC 9110 §7.6.1, and what is made anew. */
const OWN = new Set([
  ...['connection', 'keep-alive', 'proxy-connection', 'proxy-authenticate', 'proxy-authorization'],
  ...['te', 'trailer', 'transfer-encoding', 'upgrade', 'expect', 'content-length', PEER_HEADER],
]);
/** Longest wait for the head of an answer; a viewer may wait 10 s for a host. */
const HEAD_MS = 30_000;
/** How soon it is seen that a gateway is not one of the cluster any more. */
const LOOK_MS = 250;
const CONNECTIONS = { keepAlive: true, maxSockets: 512, maxFreeSockets: 64, timeout: 60_000 };

interface Passage {
  readonly gateway: string;
  readonly cut: () => void;
}

/** Hands requests on to other gateways. */
export class Forwarder {
  readonly #passes: PeerPasses;
  readonly #isAlive: (gateway: string) => boolean;
  readonly #agents = { 'http:': new Agent(CONNECTIONS), 'https:': new TlsAgent(CONNECTIONS) };
  readonly #open = new Set<Passage>();
  readonly #timer: NodeJS.Timeout;

  constructor(deps: { passes: PeerPasses; isAlive: (gateway: string) => boolean }) {
    this.#passes = deps.passes;
    this.#isAlive = deps.isAlive;
    this.#timer = setInterval(() => this.#look(), LOOK_MS).unref();
  }

  /** Requests and sockets that are at other gateways now. */
  get size(): number {
    return this.#open.size;
  }

  /**
   * Answers a request as the gateway does that it is handed on to; resolves when the head of the
   * answer is written. `body`: all of it, already read. @throws GatewayError `home-away`, or `RoomMoves`
   * when that gateway did nothing, since the room goes on elsewhere
   */
  async send(req: Request, res: Response, to: PeerGateway, body: Buffer): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<undefined>();
    const wantsSocket = isUpgrade(req);
    const upstream = this.#request(req, to, body, wantsSocket);
    const passage: Passage = {
      gateway: to.name,
      cut: () => upstream.destroy(new Error('it died')),
    };
    this.#open.add(passage);
    const patience = setTimeout(passage.cut, HEAD_MS);
    const settled = (): void => {
      clearTimeout(patience);
      resolve(undefined);
    };
    res.on('close', () => {
      if (!res.writableFinished && res.statusCode !== 101) upstream.destroy();
    });
    upstream.on('close', () => this.#open.delete(passage));
    upstream.on('error', (error) => {
      clearTimeout(patience);
      if (res.headersSent) res.destroy();
      reject(homeAway(error));
    });
    upstream.on('response', (answer) => {
      if (answer.headers[MOVES_HEADER] !== undefined) {
        clearTimeout(patience);
        answer.resume();
        reject(new RoomMoves());
        return;
      }
      copyHead(answer, res);
      answer.on('error', () => res.destroy());
      answer.pipe(res);
      settled();
    });
    upstream.on('upgrade', (answer, socket, head) => {
      try {
        this.#join(to.name, takeOver(req, res, 101), { answer, socket, head });
      } catch {
        socket.destroy();
      }
      settled();
    });
    upstream.end(body);
    await promise;
  }

  /** Asks another gateway something itself; with a `body` (JSON) by POST. @throws when it does not answer 200 in time */
  async ask(
    url: URL,
    options: {
      readonly headers: Record<string, string>;
      readonly ms: number;
      readonly of?: Request;
      readonly body?: string;
    },
  ): Promise<unknown> {
    const signal = AbortSignal.timeout(options.ms);
    const host = url.host;
    const path = url.pathname + url.search;
    const entry = options.of === undefined ? NO_ENTRY : entryOf(options.of);
    const { body } = options;
    const method = body === undefined ? 'GET' : 'POST';
    const pass = this.#passes.issue({ method, url: path, host }, entry);
    const type = body === undefined ? {} : { 'content-type': 'application/json' };
    const headers = { ...options.headers, ...type, [PEER_HEADER]: pass };
    const sent = { method, headers, ...(body === undefined ? {} : { body }) };
    const answer = await fetch(url, { ...sent, signal, redirect: 'error' });
    if (!answer.ok) throw new Error(`answered ${answer.status}`);
    return await answer.json();
  }

  close(): void {
    clearInterval(this.#timer);
    for (const { cut } of this.#open) cut();
    for (const agent of Object.values(this.#agents)) agent.destroy();
  }

  #request(req: Request, to: PeerGateway, body: Buffer, wantsSocket: boolean) {
    const url = new URL(to.url);
    const isTls = url.protocol === 'https:';
    const pass = this.#passes.issue(passedRequest(req), entryOf(req));
    const headers = [...ownHeaders(req), PEER_HEADER, pass];
    if (req.headers.host === undefined) headers.push('Host', url.host);
    if (wantsSocket) headers.push('Connection', 'Upgrade', 'Upgrade', 'websocket');
    else if (hasBody(req)) headers.push('Content-Length', String(body.length));
    const agent = wantsSocket ? false : this.#agents[isTls ? 'https:' : 'http:'];
    return (isTls ? httpsRequest : httpRequest)({
      host: url.hostname.replace(/^\[|\]$/g, ''),
      port: url.port === '' ? (isTls ? 443 : 80) : url.port,
      method: req.method,
      path: req.originalUrl,
      headers,
      agent,
      maxHeaderSize: LIMITS.headerBytes,
      ...(isTls ? { servername: url.hostname } : {}),
    });
  }

  #join(
    gateway: string,
    client: { readonly socket: Duplex; readonly head: Buffer },
    home: { readonly answer: IncomingMessage; readonly socket: Duplex; readonly head: Buffer },
  ): void {
    const ends = [client.socket, home.socket];
    const passage: Passage = { gateway, cut: () => ends.forEach((end) => end.destroy()) };
    this.#open.add(passage);
    for (const end of ends) {
      end.on('error', passage.cut);
      end.on('close', () => {
        this.#open.delete(passage);
        passage.cut();
      });
    }
    client.socket.write(headOf(home.answer));
    client.socket.write(home.head);
    home.socket.write(client.head);
    client.socket.pipe(home.socket);
    home.socket.pipe(client.socket);
  }

  #look(): void {
    for (const { gateway, cut } of this.#open) if (!this.#isAlive(gateway)) cut();
  }
}

const NO_ENTRY = { address: '', encrypted: false };

const entryOf = ({ socket }: Request): Entry => ({
  address: socket.remoteAddress ?? '',
  encrypted: 'encrypted' in socket && socket.encrypted === true,
});

const hasBody = ({ headers }: Request): boolean =>
  headers['content-length'] !== undefined || headers['transfer-encoding'] !== undefined;

/** A message's header fields as they came, without those of its connection. */
function ownHeaders({ headers, rawHeaders }: IncomingMessage): string[] {
  const named = (headers.connection ?? '').split(',').map((name) => name.trim().toLowerCase());
  return rawHeaders.flatMap((name, at) => {
    const value = rawHeaders[at + 1];
    const key = name.toLowerCase();
    const isOwn = at % 2 === 0 && value !== undefined && !OWN.has(key) && !named.includes(key);
    return isOwn ? [name, value] : [];
  });
}

/** The answer's head and nothing of our own. */
function copyHead(answer: IncomingMessage, res: Response): void {
  for (const name of res.getHeaderNames()) res.removeHeader(name);
  const headers = ownHeaders(answer);
  const length = answer.headers['content-length'];
  if (length !== undefined) headers.push('Content-Length', length);
  res.writeHead(answer.statusCode ?? 502, headers);
}

function headOf(answer: IncomingMessage): string {
  const { rawHeaders } = answer;
  const lines = rawHeaders.flatMap((name, at) =>
    at % 2 === 0 ? [`${name}: ${rawHeaders[at + 1] ?? ''}\r\n`] : [],
  );
  return `HTTP/1.1 101 Switching Protocols\r\n${lines.join('')}\r\n`;
}
