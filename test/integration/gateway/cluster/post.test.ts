import { describe, expect, onTestFinished, test } from 'vitest';
import { RedisPost } from '../../../../gateway/cluster/redis/redis-post.ts';
import { createLogger } from '../../../../gateway/observability/logger.ts';
import { RedisLink } from '../../../../gateway/redis/redis-link.ts';
import type { RedisServer } from '../../../support/redis/redis-server.ts';
import { startRedis } from '../../../support/redis/start-redis.ts';
import { waitFor } from '../../../support/wait-for.ts';

const WITHIN = { timeoutMs: 30_000, everyMs: 20 };

/** A gateway that wants a post, and when it had it. */
function aCandidate(name: string, redis: RedisServer, { isWanted = true, of = 'a' } = {}) {
  const log = createLogger({ level: 'silent', format: 'json' });
  const link = new RedisLink({
    ...{ url: redis.url, log, pattern: 'nothing', mostPauseMs: 200 },
    meaning: { there: 'there', away: 'away' },
    onMessage: () => undefined,
    onReady: () => undefined,
  });
  const told: boolean[] = [];
  const post = new RedisPost({
    ...{ own: { name, url: `http://${name}.example` }, link, isWanted, log },
    name: () => of,
    onTurn: (isHere) => told.push(isHere),
  });
  link.start();
  post.start();
  onTestFinished(async () => {
    await post.close();
    link.close();
  });
  const stands = (at: string) =>
    waitFor(() => post.standing.at === at, { ...WITHIN, what: `${name} to say ${at}` });
  return { post, told, stands, die: () => link.close() };
}

describe('a post of a cluster', () => {
  test('[DOCKER-42] is one gateway’s at a time, another’s when that dies, and at once when it leaves', async () => {
    const redis = await startRedis();
    const one = aCandidate('one', redis);
    await one.stands('here');
    const two = aCandidate('two', redis);
    const idle = aCandidate('idle', redis, { isWanted: false });
    const elsewhere = aCandidate('elsewhere', redis, { of: 'b', isWanted: false });
    await two.stands('there');
    expect(two.post.standing).toEqual({
      ...{ at: 'there', gateway: { name: 'one', url: 'http://one.example' } },
    });
    await elsewhere.stands('nobody');
    let both = false;
    const watch = setInterval(() => {
      both ||= one.post.standing.at === 'here' && two.post.standing.at === 'here';
    }, 5);
    onTestFinished(() => clearInterval(watch));
    one.die();
    await two.stands('here');
    expect(both).toBe(false);
    expect(one.post.standing.at).toBe('unknown');
    expect(one.told).toEqual([true, false]);

    const three = aCandidate('three', redis);
    await three.stands('there');
    await two.post.close();
    await three.stands('here');
    expect([two.told, idle.told]).toEqual([[true, false], []]);
  }, 60_000);

  test('[DOCKER-42] is nobody’s while Redis is away, and somebody’s again in an empty one', async () => {
    const redis = await startRedis();
    const one = aCandidate('one', redis);
    await one.stands('here');
    const two = aCandidate('two', redis);
    await two.stands('there');
    await redis.kill();
    await one.stands('unknown');
    await two.stands('unknown');
    await redis.start();
    await waitFor(() => [one, two].some(({ post }) => post.standing.at === 'here'), {
      ...{ ...WITHIN, what: 'one of them to have it' },
    });
    await waitFor(() => [one, two].some(({ post }) => post.standing.at === 'there'), {
      ...{ ...WITHIN, what: 'the other to know' },
    });
  }, 60_000);
});
