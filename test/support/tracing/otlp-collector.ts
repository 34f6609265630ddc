import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished, vi } from 'vitest';
import { waitFor } from '../wait-for.ts';
import { readJson, readProtobuf, type SentSpan } from './otlp-messages.ts';

/** What a collector does with a request: takes it, refuses it, or says nothing. */
export type CollectorMood = 'takes' | 'refuses' | 'hangs';

/** An OTLP receiver over HTTP that reads what it is sent. */
export class OtlpCollector {
  readonly spans: SentSpan[] = [];
  readonly resources: Readonly<Record<string, string>>[] = [];
  /** Everything as it came. */
  readonly bodies: Buffer[] = [];
  readonly headers: IncomingMessage['headers'][] = [];
  mood: CollectorMood = 'takes';
  readonly #server = createServer((req, res) => void this.#take(req, res));

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async listen(): Promise<void> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
  }

  async close(): Promise<void> {
    this.#server.close();
    this.#server.closeAllConnections();
    await once(this.#server, 'close');
  }

  /** The spans of one name, once there are so many. */
  async named(name: string, count = 1): Promise<readonly SentSpan[]> {
    const found = (): SentSpan[] => this.spans.filter((span) => span.name === name);
    return await waitFor(() => found().length >= count && found(), { what: `${count} ${name}` });
  }

  /** The first span of this name. */
  async one(name: string): Promise<SentSpan> {
    const [span] = await this.named(name);
    if (span === undefined) throw new Error('no span');
    return span;
  }

  async #take(req: IncomingMessage, res: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of req as AsyncIterable<Buffer>) chunks.push(chunk);
    const body = Buffer.concat(chunks);
    this.bodies.push(body);
    this.headers.push(req.headers);
    if (this.mood === 'hangs') return;
    if (this.mood === 'refuses') {
      res.writeHead(400).end();
      return;
    }
    const isJson = req.headers['content-type'] === 'application/json';
    for (const batch of isJson ? readJson(body) : readProtobuf(body)) {
      this.spans.push(...batch.spans);
      this.resources.push(batch.resource);
    }
    res.writeHead(200, { 'content-type': req.headers['content-type'] }).end(isJson ? '{}' : '');
  }
}

/** A collector on a free port, gone after the test. */
export async function aCollector(): Promise<OtlpCollector> {
  const collector = new OtlpCollector();
  await collector.listen();
  onTestFinished(() => collector.close());
  return collector;
}

/**
 * Settings that send traces to an address at once. They stand in the process's environment as well,
 * where the SDK reads them, until the test is over.
 */
export function traceSettings(
  endpoint: string,
  more: Readonly<Record<string, string>> = {},
): Readonly<Record<string, string>> {
  const settings: Record<string, string> = {
    OTEL_EXPORTER_OTLP_ENDPOINT: endpoint,
    OTEL_BSP_SCHEDULE_DELAY: '20',
    ...more,
  };
  for (const [name, value] of Object.entries(settings)) vi.stubEnv(name, value);
  onTestFinished(() => void vi.unstubAllEnvs());
  return settings;
}
