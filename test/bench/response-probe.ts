import { Agent, request } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';

/** GET after GET on one connection for a while; the response times in milliseconds. */
export async function probeResponses(
  url: string,
  options: { readonly forMs: number; readonly everyMs: number; readonly authorization?: string },
): Promise<number[]> {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const { forMs, everyMs, authorization } = options;
  const headers = authorization === undefined ? {} : { authorization };
  const elapsedMs: number[] = [];
  const endAt = performance.now() + forMs;
  while (performance.now() < endAt) {
    const startedAt = performance.now();
    await get(url, agent, headers);
    elapsedMs.push(performance.now() - startedAt);
    await delay(everyMs);
  }
  agent.destroy();
  return elapsedMs;
}

function get(url: string, agent: Agent, headers: Record<string, string>): Promise<void> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { agent, headers }, (response) => {
      response.resume();
      response.on('end', resolve);
      response.on('error', reject);
    });
    sent.on('error', reject);
    sent.end();
  });
}
