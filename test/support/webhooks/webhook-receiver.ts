import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import { onTestFinished } from 'vitest';
import { freeTcpPort } from '../net/free-port.ts';

/** One POST as it came. */
export interface Received {
  readonly id: string;
  readonly timestamp: string;
  readonly signature: string;
  readonly path: string;
  readonly body: string;
  /** `traceparent`; '' without. */
  readonly trace: string;
}

/** What an integrator runs: takes webhooks at a port that stays the same while it is down. */
export class WebhookReceiver {
  readonly port: number;
  readonly received: Received[] = [];
  /** What it answers; undefined: nothing at all. */
  answer: (request: Received) => number | undefined = () => 204;
  headers: Record<string, string> = {};
  #server: Server | undefined;

  constructor(port: number) {
    this.port = port;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}/hook`;
  }

  /** Ids in the order of their first coming. */
  get ids(): string[] {
    return [...new Set(this.received.map(({ id }) => id))];
  }

  /** With `tls` it speaks https. */
  async up(
    host = '127.0.0.1',
    tls?: { readonly cert: string; readonly key: string },
  ): Promise<void> {
    const take = (req: IncomingMessage, res: ServerResponse): void => void this.#take(req, res);
    this.#server = tls === undefined ? createServer(take) : createSecureServer(tls, take);
    this.#server.listen(this.port, host);
    await once(this.#server, 'listening');
  }

  async down(): Promise<void> {
    const server = this.#server;
    if (server === undefined) return;
    this.#server = undefined;
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  }

  async #take(req: IncomingMessage, res: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of req as AsyncIterable<Buffer>) chunks.push(chunk);
    const field = (name: string): string => String(req.headers[name] ?? '');
    const received = {
      id: field('webhook-id'),
      timestamp: field('webhook-timestamp'),
      signature: field('webhook-signature'),
      path: req.url ?? '',
      body: Buffer.concat(chunks).toString(),
      trace: field('traceparent'),
    };
    const status = this.answer(received);
    if (status !== undefined && status < 300) this.received.push(received);
    if (status !== undefined) res.writeHead(status, this.headers).end();
  }
}

/** A receiver, down at first; it is gone after the test. */
export async function aReceiver(): Promise<WebhookReceiver> {
  const receiver = new WebhookReceiver(await freeTcpPort());
  onTestFinished(() => receiver.down());
  return receiver;
}

/**
 * Whether one of the signatures is right, by the text of Standard Webhooks alone: HMAC-SHA256 by the
 * decoded secret over `id.timestamp.body`, in base64 behind `v1,`.
 */
export function isSigned(
  { id, timestamp, signature, body }: Omit<Received, 'path' | 'trace'>,
  secret: string,
): boolean {
  const key = Buffer.from(secret.replace('whsec_', ''), 'base64');
  const wanted = createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64');
  return signature.split(' ').some((each) => {
    const [version, sum] = each.split(',');
    return version === 'v1' && sum === wanted;
  });
}
