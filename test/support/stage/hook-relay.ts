import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';

/**
 * Between a media server and the hooks of its gateway: what concerns a room of `lost` is allowed
 * here and never told to the gateway, as by one that crashed since.
 */
export class HookRelay {
  readonly lost = new Set<string>();
  /** Origin of the gateway. */
  readonly #target: string;
  readonly #server: Server;

  private constructor(target: string) {
    this.#target = target;
    this.#server = createServer((req, res) => void this.#take(req, res));
  }

  static async listen(port: number, target: string): Promise<HookRelay> {
    const relay = new HookRelay(target);
    relay.#server.listen(port, '127.0.0.1');
    await once(relay.#server, 'listening');
    return relay;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }

  async #take(req: IncomingMessage, res: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of req as AsyncIterable<Buffer>) chunks.push(chunk);
    const body = Buffer.concat(chunks).toString();
    const { app = '' } = JSON.parse(body) as { readonly app?: string };
    const answer = this.lost.has(app) ? '0' : await this.#ask(req.url ?? '', body);
    res.writeHead(200, { 'content-length': answer.length }).end(answer);
  }

  async #ask(path: string, body: string): Promise<string> {
    const headers = { 'content-type': 'application/json' };
    const reply = await fetch(this.#target + path, { method: 'POST', headers, body }).catch(
      () => null,
    );
    return (await reply?.text()) ?? '1';
  }
}
