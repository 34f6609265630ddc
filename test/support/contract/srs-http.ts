import { request } from 'node:http';

export interface SrsReply {
  /** Null when the server closed the connection without a byte. */
  readonly status: number | null;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

export interface SrsCall {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** `user:password` for Basic auth. */
  readonly login?: string | null;
}

/**
 * One request over a connection of its own, its path sent byte for byte, as SRS needs it (srs.md
 * P6, P7). A close without an answer is a result here, not an error.
 */
export function callSrs(origin: string, path: string, call: SrsCall = {}): Promise<SrsReply> {
  const { promise, resolve, reject } = Promise.withResolvers<SrsReply>();
  const { hostname, port } = new URL(origin);
  const body = call.body ?? '';
  const login = call.login == null ? {} : { Authorization: basic(call.login) };
  const outgoing = request({
    hostname,
    port,
    path,
    method: call.method ?? 'GET',
    agent: false,
    headers: { 'Content-Length': Buffer.byteLength(body), ...login, ...call.headers },
  });
  outgoing.once('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'ECONNRESET') resolve({ status: null, headers: {}, body: '' });
    else reject(error);
  });
  outgoing.once('response', (incoming) => {
    const chunks: Buffer[] = [];
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
    incoming.once('error', reject);
    incoming.once('end', () =>
      resolve({
        status: incoming.statusCode ?? 0,
        headers: incoming.headers,
        body: Buffer.concat(chunks).toString('utf8'),
      }),
    );
  });
  outgoing.end(body);
  return promise;
}

const basic = (login: string): string => `Basic ${Buffer.from(login).toString('base64')}`;
