import { request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { SrsError } from './srs-error.ts';

const ANSWER_LIMIT_BYTES = 64 * 1024;

export interface HookAnswer {
  readonly status: number;
  readonly body: string;
}

/**
 * Posts JSON over a new connection and resolves with whatever was answered.
 * @throws SrsError 1018 when the receiver cannot be reached, 1011 when the whole exchange takes
 *   longer than the limit.
 */
export function postJson(
  url: URL,
  json: string,
  options: { readonly userAgent: string; readonly timeoutMs: number },
): Promise<HookAnswer> {
  const { promise, resolve, reject } = Promise.withResolvers<HookAnswer>();
  const send = url.protocol === 'https:' ? requestHttps : requestHttp;
  const request = send(url, {
    method: 'POST',
    agent: false,
    signal: AbortSignal.timeout(options.timeoutMs),
    headers: {
      'Content-Type': 'application/json',
      'Content-Length': Buffer.byteLength(json),
      'User-Agent': options.userAgent,
    },
  });
  const fail = (error: Error): void => {
    const late = error.name === 'TimeoutError' || error.name === 'AbortError';
    reject(
      new SrsError(late ? 1011 : 1018, `hook receiver: ${late ? 'no answer' : error.message}`),
    );
  };
  request.once('error', fail);
  request.once('response', (response) => {
    const chunks: Buffer[] = [];
    let sizeBytes = 0;
    response.on('data', (chunk: Buffer) => {
      sizeBytes += chunk.length;
      if (sizeBytes > ANSWER_LIMIT_BYTES) response.destroy(new Error('answer too long'));
      else chunks.push(chunk);
    });
    response.once('error', fail);
    response.once('end', () =>
      resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks).toString('utf8') }),
    );
  });
  request.end(json);
  return promise;
}
