import { Agent, request as requestHttp } from 'node:http';
import type { IncomingMessage, OutgoingHttpHeaders } from 'node:http';
import { Agent as TlsAgent, request as requestHttps } from 'node:https';
import { setTimeout as delay } from 'node:timers/promises';

export interface Sending {
  readonly method: string;
  readonly url: string;
  readonly headers?: OutgoingHttpHeaders;
  readonly body?: string | Uint8Array;
  /** Sends the body in pieces, without a Content-Length. */
  readonly chunked?: boolean;
  /** What is asked, for the rules that judge all replies of a kind. */
  readonly about?: string;
  /** Takes 429 and 503 for an answer instead of coming back later. */
  readonly once?: boolean;
}

/** An HTTP reply, read to its end. */
export interface Reply {
  /** 0: the connection ended without an answer, `body` says how. */
  readonly status: number;
  readonly headers: IncomingMessage['headersDistinct'];
  readonly body: string;
  /** Where it came from. */
  readonly url: string;
}

/** A request and what came back, kept for the rules about redirects, load and 406. */
export interface Exchange {
  readonly about: string;
  readonly method: string;
  readonly reply: Reply;
}

export interface Manners {
  /** Least time between two requests. */
  readonly paceMs: number;
  readonly timeoutMs: number;
  /** Few connections for all requests; else one each, as SRS wants it. */
  readonly keepAlive?: boolean;
}

const MAX_REPEATS = 4;
const MAX_WAIT_SECONDS = 90;

/** Asks politely: at a bounded rate, and later again when the server says so. */
export class HttpClient {
  readonly exchanges: Exchange[] = [];
  readonly #manners: Manners;
  readonly #agent: Agent;
  readonly #tlsAgent: TlsAgent;
  #nextAt = 0;

  constructor(manners: Manners) {
    this.#manners = manners;
    this.#agent = new Agent({ keepAlive: manners.keepAlive ?? false });
    this.#tlsAgent = new TlsAgent({ keepAlive: manners.keepAlive ?? false });
  }

  /** Ends idle connections. */
  close(): void {
    this.#agent.destroy();
    this.#tlsAgent.destroy();
  }

  /** One request, without redirects. */
  async send(sending: Sending): Promise<Reply> {
    for (let repeats = 0; ; repeats += 1) {
      const reply = await this.#sendOnce(sending);
      const { about = 'other', method, once = false } = sending;
      this.exchanges.push({ about, method, reply });
      const busy = reply.status === 429 || reply.status === 503;
      if (!busy || once || repeats >= MAX_REPEATS) return reply;
      await delay(retryAfterMs(reply));
    }
  }

  /** Waits until the next request may go out. */
  async turn(): Promise<void> {
    const now = performance.now();
    const at = Math.max(now, this.#nextAt);
    this.#nextAt = at + this.#manners.paceMs;
    if (at > now) await delay(at - now);
  }

  get timeoutMs(): number {
    return this.#manners.timeoutMs;
  }

  async #sendOnce(sending: Sending): Promise<Reply> {
    await this.turn();
    const { method, url, headers = {}, body, chunked = false } = sending;
    const bytes = body === undefined ? null : Buffer.from(body);
    const length = bytes === null || chunked ? {} : { 'Content-Length': bytes.length };
    const tls = url.startsWith('https:');
    const [ask, agent] = tls ? [requestHttps, this.#tlsAgent] : [requestHttp, this.#agent];
    return new Promise((resolve) => {
      const giveUp = ({ message }: Error): void =>
        resolve({ status: 0, headers: {}, body: message, url });
      const sent = ask(url, { method, headers: { ...headers, ...length }, agent });
      sent.setTimeout(this.#manners.timeoutMs, () =>
        sent.destroy(new Error(`no answer in ${this.#manners.timeoutMs} ms`)),
      );
      sent.on('response', (response) => {
        void readReply(response, url).then(resolve, giveUp);
      });
      sent.on('error', giveUp);
      if (bytes !== null && chunked) {
        const half = Math.ceil(bytes.length / 2);
        sent.write(bytes.subarray(0, half));
        sent.end(bytes.subarray(half));
      } else sent.end(bytes ?? undefined);
    });
  }
}

/** The one value of a header; several are joined as Fetch does. */
export function header(reply: Reply, name: string): string | undefined {
  return reply.headers[name.toLowerCase()]?.join(', ');
}

/** Members of a comma-separated header, in lower case. */
export function tokens(value: string | undefined): readonly string[] {
  return (value ?? '')
    .split(',')
    .map((token) => token.trim().toLowerCase())
    .filter((token) => token !== '');
}

/** The media type without parameters, in lower case. */
export function mediaType(reply: Reply): string {
  return (header(reply, 'content-type') ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? '';
}

export const isSuccess = ({ status }: Reply): boolean => status >= 200 && status < 300;
export const isRefusal = ({ status }: Reply): boolean => status >= 400 && status < 500;

/** How long a 409, 429 or 503 asks to wait; a second when it does not say. */
export function retryAfterMs(reply: Reply): number {
  const value = header(reply, 'retry-after') ?? '1';
  const seconds = /^\d+$/.test(value) ? Number(value) : (Date.parse(value) - Date.now()) / 1000;
  return Math.min(MAX_WAIT_SECONDS, Math.max(0.1, Number.isFinite(seconds) ? seconds : 1)) * 1000;
}

async function readReply(response: IncomingMessage, url: string): Promise<Reply> {
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk as Buffer);
  return {
    status: response.statusCode ?? 0,
    headers: response.headersDistinct,
    body: Buffer.concat(chunks).toString('utf8'),
    url,
  };
}
