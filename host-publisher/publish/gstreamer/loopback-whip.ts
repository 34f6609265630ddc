import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

const LONGEST_OFFER = 256 * 1024;

/**
 * A WHIP endpoint for one element of this process, on loopback and at a path that nobody can guess.
 * The element's offer goes on by the agent, which alone has the token.
 */
export class LoopbackWhip {
  readonly #server: Server;
  readonly #path = `/${randomBytes(16).toString('hex')}`;
  readonly #offer = Promise.withResolvers<string>();
  readonly #answer = Promise.withResolvers<string>();
  readonly #left = Promise.withResolvers<undefined>();

  private constructor() {
    this.#server = createServer((request, response) => void this.#serve(request, response));
    this.#answer.promise.catch(() => undefined);
  }

  static async open(): Promise<LoopbackWhip> {
    const whip = new LoopbackWhip();
    whip.#server.listen(0, '127.0.0.1');
    await once(whip.#server, 'listening');
    return whip;
  }

  get url(): string {
    const { port } = this.#server.address() as AddressInfo;
    return `http://127.0.0.1:${port}${this.#path}`;
  }

  /** The offer of the element, once it has posted it. */
  get offer(): Promise<string> {
    return this.#offer.promise;
  }

  /** Resolves when the element deletes its session. */
  get left(): Promise<void> {
    return this.#left.promise;
  }

  answer(sdp: string): void {
    this.#answer.resolve(sdp);
  }

  close(): void {
    this.#answer.reject(new Error('closed'));
    this.#server.close();
    this.#server.closeAllConnections();
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method, url } = request;
    if (url === this.#path && method === 'POST') {
      const offer = await readBody(request).catch(() => null);
      if (offer === null) return void response.writeHead(413).end();
      this.#offer.resolve(offer);
      const answer = await this.#answer.promise.catch(() => null);
      if (answer === null) return void response.writeHead(503).end();
      const headers = { 'content-type': 'application/sdp', location: this.#path };
      return void response.writeHead(201, headers).end(answer);
    }
    if (url === this.#path && method === 'DELETE') {
      this.#left.resolve(undefined);
      return void response.writeHead(200).end();
    }
    response.writeHead(404).end();
  }
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > LONGEST_OFFER) throw new Error('too long');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}
