import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

/** A request as the provider got it. */
export interface SeenRequest {
  readonly method: string;
  readonly path: string;
  readonly authorization: string | undefined;
  readonly body: string;
}

/** A real HTTP server in a provider's place; a test says what it answers. */
export class FakeProvider {
  readonly seen: SeenRequest[] = [];
  /** Takes every request; the default knows no address. */
  answer: (res: ServerResponse, request: SeenRequest) => void = (res) => res.writeHead(404).end();
  readonly #server = createServer((req, res) => {
    const chunks: Buffer[] = [];
    req.on('data', (chunk: Buffer) => void chunks.push(chunk));
    req.on('end', () => {
      const { method = '', url: path = '', headers } = req;
      const body = Buffer.concat(chunks).toString();
      const request = { method, path, authorization: headers.authorization, body };
      this.seen.push(request);
      this.answer(res, request);
    });
  });

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async listen(): Promise<void> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
  }

  close(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }
}

/** Closed after the test. */
export async function startFakeProvider(): Promise<FakeProvider> {
  const provider = new FakeProvider();
  await provider.listen();
  onTestFinished(() => provider.close());
  return provider;
}

/** Answers with JSON. */
export function sendJson(
  res: ServerResponse,
  body: unknown,
  { status = 200, headers = {} }: { status?: number; headers?: Record<string, string> } = {},
): void {
  res
    .writeHead(status, { 'content-type': 'application/json', ...headers })
    .end(JSON.stringify(body));
}
