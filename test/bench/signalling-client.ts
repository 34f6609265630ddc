import { Agent, request, type ClientRequest, type IncomingMessage } from 'node:http';

export interface Posted {
  readonly status: number;
  readonly text: string;
  /** Absolute. */
  readonly location: string;
  readonly etag: string;
  /** From the call to the last byte of the answer. */
  readonly elapsedMs: number;
}

/** WHIP and WHEP without a browser: offers out, answers timed. */
export class SignallingClient {
  readonly #agent: Agent;

  /**
   * `keepAlive`: few connections for many requests; else one each, as SRS wants it. `from`: the
   * loopback address that connections come from.
   */
  constructor({ keepAlive, from }: { readonly keepAlive: boolean; readonly from?: string }) {
    const origin = from === undefined ? {} : { localAddress: from };
    this.#agent = new Agent({ keepAlive, maxSockets: 256, ...origin });
  }

  post(url: string, sdp: string, bearer?: string): Promise<Posted> {
    const headers: Record<string, string> = { 'content-type': 'application/sdp' };
    if (bearer !== undefined) headers['authorization'] = `Bearer ${bearer}`;
    return this.#send(url, { method: 'POST', headers, body: sdp });
  }

  delete(url: string): Promise<Posted> {
    return this.#send(url, { method: 'DELETE', headers: {} });
  }

  close(): void {
    this.#agent.destroy();
  }

  #send(
    url: string,
    options: {
      readonly method: string;
      readonly headers: Readonly<Record<string, string>>;
      readonly body?: string;
    },
  ): Promise<Posted> {
    const startedAt = performance.now();
    const { method, headers, body = '' } = options;
    const length = body === '' ? {} : { 'content-length': String(Buffer.byteLength(body)) };
    return new Promise((resolve, reject) => {
      const sent: ClientRequest = request(
        url,
        { method, headers: { ...headers, ...length }, agent: this.#agent },
        (response: IncomingMessage) => {
          const chunks: Buffer[] = [];
          response.on('data', (chunk: Buffer) => chunks.push(chunk));
          response.on('error', reject);
          response.on('end', () =>
            resolve({
              status: response.statusCode ?? 0,
              text: Buffer.concat(chunks).toString('utf8'),
              location: toAbsolute(response.headers.location, url),
              etag: response.headers.etag ?? '',
              elapsedMs: performance.now() - startedAt,
            }),
          );
        },
      );
      sent.setTimeout(10_000, () => sent.destroy(new Error(`no answer from ${url} in 10 s`)));
      sent.on('error', reject);
      sent.end(body);
    });
  }
}

/** Byte for byte behind the origin: SRS does not percent-decode what comes back. */
function toAbsolute(location: string | undefined, url: string): string {
  if (location === undefined) return '';
  return location.startsWith('/') ? new URL(url).origin + location : location;
}
