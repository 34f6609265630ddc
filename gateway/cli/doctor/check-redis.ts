import { createClient } from 'redis';
import type { Config } from '../../config/load.ts';
import { masterUrl, readSentinels } from '../../redis/sentinel.ts';
import { failed, ok, type Check } from './check.ts';

const CONNECT_MS = 3_000;

/** Whether the Redis by which gateways find each other answers; nothing where none is configured. */
export async function checkRedis({ REDIS_URL: url }: Config): Promise<readonly Check[]> {
  if (url === undefined) return [];
  const sentinels = readSentinels(url.reveal());
  const address =
    sentinels === undefined ? url.reveal() : await masterUrl(sentinels).catch(() => undefined);
  if (address === undefined) {
    return [
      failed('Redis', 'no sentinel knows the master: are they running, and is its name right?'),
    ];
  }
  const client = createClient({
    url: address,
    socket: { connectTimeout: CONNECT_MS, socketTimeout: CONNECT_MS, reconnectStrategy: false },
  });
  // What it tells of a failure is told by the call that failed.
  client.on('error', () => undefined);
  const before = performance.now();
  try {
    await client.connect();
    await client.ping();
    return [ok('Redis', `answers after ${Math.round(performance.now() - before)} ms.`)];
  } catch (error) {
    // Its message may hold the address, and that the password.
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'no answer';
    const why =
      error instanceof Error && /WRONGPASS|NOAUTH/.test(error.message) ? 'wrong password' : code;
    return [
      failed(
        'Redis',
        `${why}: other gateways are not found. Is it running, and does REDIS_URL name it?`,
      ),
    ];
  } finally {
    client.destroy();
  }
}
