import { request } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';

export interface ResponseProbeOptions {
  readonly forMs: number;
  readonly everyMs: number;
  readonly authorization: string | null;
}

/**
 * GET after GET for a while, a connection each; the response times in milliseconds. What is not
 * answered by the end counts with the time it has waited.
 */
export async function probeResponses(
  url: string,
  { forMs, everyMs, authorization }: ResponseProbeOptions,
): Promise<number[]> {
  const headers = authorization === null ? {} : { authorization };
  const elapsedMs: number[] = [];
  const endAt = performance.now() + forMs;
  while (performance.now() < endAt) {
    const startedAt = performance.now();
    await get(url, headers, Math.max(1, endAt - startedAt));
    elapsedMs.push(performance.now() - startedAt);
    await delay(Math.min(everyMs, Math.max(0, endAt - performance.now())));
  }
  return elapsedMs;
}

function get(url: string, headers: Record<string, string>, limitMs: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => sent.destroy(), limitMs);
    const sent = request(url, { agent: false, headers }, (response) => {
      response.resume();
      response.on('close', resolve);
    });
    sent.on('close', () => {
      clearTimeout(timer);
      resolve();
    });
    sent.on('error', (error) => {
      if (sent.destroyed) resolve();
      else reject(error);
    });
    sent.end();
  });
}
