import { onTestFinished } from 'vitest';
import { freeTcpPort } from '../net/free-port.ts';
import { RedisServer } from './redis-server.ts';

/** A Redis that ends after the test. */
export async function startRedis(more: readonly string[] = []): Promise<RedisServer> {
  const redis = new RedisServer(await freeTcpPort());
  onTestFinished(() => redis.kill());
  await redis.start(more);
  return redis;
}
