import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { answerEndpoint } from './endpoint.ts';
import { answerLayers, ModelEvents } from './events.ts';
import { problem, Refusal, reply, type ModelReply, type ModelRequest } from './message.ts';
import type { Resource } from './message.ts';
import { ModelRoom, type ModelMedia } from './room.ts';
import { answerSession } from './session-resource.ts';

/** One thing that the model does wrong, by changing a reply or how it speaks. */
export interface Flaw {
  /** Reads a request for another than it is. */
  readonly request?: (request: ModelRequest, room: ModelRoom) => void;
  readonly reply?: (reply: ModelReply, request: ModelRequest, room: ModelRoom) => void;
  readonly events?: (events: ModelEvents) => void;
  /** What an unknown method is answered. */
  readonly unknownMethod?: string;
  /** Whether a body that is too large is waited for. */
  readonly expectsAnything?: boolean;
}

export interface ModelOptions {
  readonly flaw?: Flaw;
  /** Supports ICE restarts. */
  readonly restarts?: boolean;
  /** Length of the random part of session URLs. */
  readonly secretBytes?: number;
  /** The only web origin that is let in; all when absent. */
  readonly origin?: string;
  readonly media?: ModelMedia;
}

const CORS_METHODS = 'GET, HEAD, POST, PATCH, DELETE, OPTIONS';
const CORS_EXPOSED =
  'Location, ETag, Link, Accept-Post, Accept-Patch, Retry-After, WWW-Authenticate, Access-Control-Allow-Methods';

/** A small WHIP and WHEP server that keeps every rule, unless it is given a flaw. */
export class ModelServer {
  readonly room: ModelRoom;
  readonly #options: ModelOptions;
  readonly #events: ModelEvents;
  readonly #server = createServer((request, response) => void this.#serve(request, response));

  private constructor(options: ModelOptions) {
    this.#options = options;
    this.room = new ModelRoom(options);
    this.#events = new ModelEvents(this.room);
    options.flaw?.events?.(this.#events);
    this.#server.on('checkContinue', (request: IncomingMessage, response: ServerResponse) => {
      const tooLarge = Number(request.headers['content-length']) > 64 * 1024;
      if (!tooLarge || options.flaw?.expectsAnything === true) response.writeContinue();
      else response.writeHead(413, { connection: 'close' }).end();
      if (!tooLarge) void this.#serve(request, response);
    });
    this.#server.on('clientError', (error: Error & { code?: string }, socket: Socket) => {
      const unknown = options.flaw?.unknownMethod ?? '501 Not Implemented';
      const status = error.code === 'HPE_INVALID_METHOD' ? unknown : '400 Bad Request';
      if (socket.writable) socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\n\r\n`);
    });
  }

  static async start(options: ModelOptions = {}): Promise<ModelServer> {
    const model = new ModelServer(options);
    model.#server.listen(0, '127.0.0.1');
    await once(model.#server, 'listening');
    return model;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    this.#events.close();
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }

  async #serve(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const request = await this.#read(incoming);
    this.#options.flaw?.request?.(request, this.room);
    const answered = await this.#answer(request);
    this.#allow(answered, request);
    this.#options.flaw?.reply?.(answered, request, this.room);
    const stream = request.path.slice('/streams/'.length);
    const streams = request.resource === 'stream' && request.method === 'GET';
    response.sendDate = false;
    response.writeHead(answered.status, answered.headers);
    if (streams && answered.status === 200) {
      response.flushHeaders();
      this.#events.serve(stream, response);
    } else response.end(answered.body);
  }

  async #read(incoming: IncomingMessage): Promise<ModelRequest> {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk as Buffer);
    const url = new URL(incoming.url ?? '/', this.url);
    return {
      resource: resourceOf(url.pathname),
      method: incoming.method ?? '',
      path: url.pathname,
      query: url.searchParams,
      headers: incoming.headers as Record<string, string>,
      body: Buffer.concat(chunks).toString('utf8'),
      origin: this.url,
    };
  }

  async #answer(request: ModelRequest): Promise<ModelReply> {
    const { resource, method, path, headers } = request;
    const preflight = method === 'OPTIONS' && 'access-control-request-method' in headers;
    if (resource === 'none') return problem(404, 'There is nothing here.');
    if (preflight && resource !== 'whip' && resource !== 'whep') return reply(200);
    try {
      this.#refuseStranger(request);
      switch (resource) {
        case 'whip':
          return await answerEndpoint(this.room, request, 'publish');
        case 'whep':
          return await answerEndpoint(this.room, request, 'watch');
        case 'session':
          return answerSession(this.room, request);
        case 'layers':
          return answerLayers(request);
        case 'events':
        case 'stream':
          if (method !== 'GET' || resource === 'events') return this.#events.answer(request);
          return this.#events.has(path.slice('/streams/'.length))
            ? reply(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' })
            : problem(404, 'There is no such stream.');
      }
    } catch (error) {
      if (error instanceof Refusal) return error.reply;
      throw error;
    }
  }

  #refuseStranger({ headers, method }: ModelRequest): void {
    const { origin } = this.#options;
    const stranger = origin !== undefined && (headers['origin'] ?? origin) !== origin;
    if (stranger && method === 'POST') throw new Refusal(403, 'Not from this origin.');
  }

  #allow({ headers }: ModelReply, request: ModelRequest): void {
    const asking = request.headers['origin'];
    const { origin } = this.#options;
    if (origin !== undefined) headers['vary'] = 'Origin';
    if (asking === undefined || (origin !== undefined && asking !== origin)) return;
    headers['access-control-allow-origin'] = origin ?? '*';
    headers['access-control-allow-methods'] = CORS_METHODS;
    headers['access-control-expose-headers'] = CORS_EXPOSED;
    if (request.method !== 'OPTIONS') return;
    headers['access-control-allow-headers'] = 'Authorization, Content-Type, If-Match, ETag';
    headers['access-control-max-age'] = '86400';
    if ('access-control-request-private-network' in request.headers) {
      headers['access-control-allow-private-network'] = 'true';
    }
  }
}

function resourceOf(path: string): Resource {
  if (path === '/whip/room') return 'whip';
  if (path === '/whep/room') return 'whep';
  const [, resource] = /^\/(sessions|events|streams|layers)\/[\w-]+$/.exec(path) ?? [];
  const names = {
    sessions: 'session',
    events: 'events',
    streams: 'stream',
    layers: 'layers',
  } as const;
  return resource === undefined ? 'none' : names[resource as keyof typeof names];
}
