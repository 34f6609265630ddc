import { request as requestHttp, type ClientRequest, type IncomingMessage } from 'node:http';
import { request as requestHttps } from 'node:https';
import { waitFor } from '../support/wait-for.ts';

/** One event as it stood on the wire. */
export interface StreamEvent {
  readonly type: string;
  readonly data: string;
  /** How many `event:` and `data:` lines it had. */
  readonly typeLines: number;
  readonly dataLines: number;
}

/** A `text/event-stream` under way (HTML, server-sent events). */
export class EventStream {
  readonly response: IncomingMessage;
  readonly events: StreamEvent[] = [];
  /** Lines that begin with a colon. */
  comments = 0;
  ended = false;
  readonly #request: ClientRequest;
  #rest = '';

  private constructor(request: ClientRequest, response: IncomingMessage) {
    this.#request = request;
    this.response = response;
    response.setEncoding('utf8');
    response.on('data', (text: string) => this.#read(text));
    response.on('close', () => (this.ended = true));
    response.on('error', () => (this.ended = true));
  }

  /** Resolves with the head. */
  static open(
    url: string,
    headers: Readonly<Record<string, string>>,
    timeoutMs: number,
  ): Promise<EventStream> {
    const ask = url.startsWith('https:') ? requestHttps : requestHttp;
    return new Promise((resolve, reject) => {
      const request = ask(url, {
        headers: { Accept: 'text/event-stream', ...headers },
        agent: false,
      });
      const timer = setTimeout(
        () => request.destroy(new Error('no answer to GET of the event stream')),
        timeoutMs,
      );
      request.on('error', reject);
      request.on('response', (response) => {
        clearTimeout(timer);
        resolve(new EventStream(request, response));
      });
      request.end();
    });
  }

  get status(): number {
    return this.response.statusCode ?? 0;
  }

  /** The n-th event of a type, or null when it does not come in time. */
  async next(type: string, timeoutMs: number, nth = 1): Promise<StreamEvent | null> {
    return await waitFor(() => this.events.filter((event) => event.type === type)[nth - 1], {
      timeoutMs,
      what: type,
    }).catch(() => null);
  }

  close(): void {
    this.#request.destroy();
  }

  #read(text: string): void {
    const blocks = (this.#rest + text).replaceAll('\r\n', '\n').split('\n\n');
    this.#rest = blocks.pop() ?? '';
    for (const block of blocks) {
      const lines = block.split('\n');
      this.comments += lines.filter((line) => line.startsWith(':')).length;
      const types = valuesOf(lines, 'event');
      const data = valuesOf(lines, 'data');
      if (types.length + data.length === 0) continue;
      this.events.push({
        type: types.at(-1) ?? 'message',
        data: data.join('\n'),
        typeLines: types.length,
        dataLines: data.length,
      });
    }
  }
}

function valuesOf(lines: readonly string[], field: string): readonly string[] {
  return lines
    .filter((line) => line === field || line.startsWith(`${field}:`))
    .map((line) => line.slice(field.length + 1).replace(/^ /, ''));
}
