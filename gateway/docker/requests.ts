import type { z } from 'zod';
import { garbage, toEngineFailure } from './engine-failure.ts';

/** 304: it runs, or has ended, already. */
export const isDoneAlready = (error: unknown): boolean =>
  error instanceof Error && 'statusCode' in error && error.statusCode === 304;

/** What an answer says. @throws GatewayError when it is none of Docker's */
export function parse<S extends z.ZodType>(schema: S, value: unknown): z.output<S> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw garbage(parsed.error);
}

/** Gives up, and takes the request back, after so long. @throws DOMException `TimeoutError` */
export async function within<T>(
  ms: number,
  request: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const late = new AbortController();
  const { promise, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => {
    late.abort();
    reject(new DOMException('no answer in time', 'TimeoutError'));
  }, ms);
  try {
    return await Promise.race([request(late.signal), promise]);
  } finally {
    clearTimeout(timer);
  }
}

/** What comes of each piece; ends quietly at the signal. */
export async function* read<T>(
  stream: AsyncIterable<Buffer>,
  take: (chunk: Buffer) => T,
  signal: AbortSignal,
): AsyncIterable<T> {
  try {
    for await (const chunk of stream) yield take(chunk);
  } catch (error) {
    if (signal.aborted) return;
    throw error instanceof RangeError ? garbage(error) : toEngineFailure(error);
  }
}
