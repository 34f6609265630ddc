import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { waitFor } from '../wait-for.ts';

export type HookAction = 'on_publish' | 'on_unpublish' | 'on_play' | 'on_stop';

export interface ReceivedHook {
  readonly action: HookAction;
  readonly url: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: Readonly<Record<string, unknown>>;
  readonly atMs: number;
}

/** How a hook is answered; `destroy` closes the connection, a promise makes the server wait. */
export type HookReply =
  | 'destroy'
  | { readonly status?: number; readonly body: string; readonly after?: Promise<unknown> };

const ALLOW: HookReply = { body: '0' };

/** The other side of SRS's hooks: records them by stream and answers as each test decides. */
export class HookReceiver {
  readonly #replies = new Map<string, HookReply>();
  readonly #received: ReceivedHook[] = [];
  #server = createServer();
  #address: { readonly host: string; readonly port: number } = { host: '127.0.0.1', port: 0 };

  /** Port 0 takes any; `reopen` comes back to the same one. */
  async open(host = '127.0.0.1', port = 0): Promise<void> {
    this.#server = createServer((request, response) => void this.#answer(request, response));
    this.#server.listen(port, host);
    await once(this.#server, 'listening');
    this.#address = { host, port: (this.#server.address() as AddressInfo).port };
  }

  reopen(): Promise<void> {
    return this.open(this.#address.host, this.#address.port);
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }

  /** What the server under test is told to call, without the event's name. */
  get url(): string {
    return `http://${this.#address.host}:${this.#address.port}/api/srs?secret=test`;
  }

  answer(stream: string, action: HookAction, reply: HookReply): void {
    this.#replies.set(`${stream} ${action}`, reply);
  }

  received(stream: string, action?: HookAction): readonly ReceivedHook[] {
    return this.#received.filter(
      (hook) => hook.body['stream'] === stream && (action === undefined || hook.action === action),
    );
  }

  waitFor(stream: string, action: HookAction, timeoutMs = 3000): Promise<ReceivedHook> {
    return waitFor(() => this.received(stream, action)[0], {
      timeoutMs,
      what: `${action} of ${stream}`,
    });
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
    const body = JSON.parse(Buffer.concat(chunks).toString('utf8')) as Record<string, unknown>;
    const action = body['action'] as HookAction;
    const { url = '', headers } = request;
    this.#received.push({ action, url, headers, body, atMs: performance.now() });
    const reply = this.#replies.get(`${String(body['stream'])} ${action}`) ?? ALLOW;
    if (reply === 'destroy') {
      request.socket.destroy();
      return;
    }
    await reply.after;
    response.writeHead(reply.status ?? 200, {
      'Content-Type': 'text/plain',
      'Content-Length': Buffer.byteLength(reply.body),
      Connection: 'close',
    });
    response.end(reply.body);
  }
}
