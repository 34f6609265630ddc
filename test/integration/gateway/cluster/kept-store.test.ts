import { pino } from 'pino';
import { expect, onTestFinished, test } from 'vitest';
import { KeptStore } from '../../../../gateway/cluster/kept-store.ts';
import { readRoom } from '../../../../gateway/cluster/kept-wire.ts';
import { RedisLink } from '../../../../gateway/redis/redis-link.ts';
import { DEFAULT_CONTROL_POLICY } from '../../../../gateway/control/policy.ts';
import { aRoom } from '../../../support/gateway/a-gateway-core.ts';
import { startRedis } from '../../../support/redis/start-redis.ts';
import { waitFor } from '../../../support/wait-for.ts';

async function aStore(): Promise<KeptStore> {
  const redis = await startRedis();
  const link = new RedisLink({
    url: redis.url,
    pattern: 'nothing',
    onMessage: () => undefined,
    onReady: () => undefined,
    meaning: { there: '', away: '' },
    log: pino({ level: 'silent' }),
  });
  onTestFinished(() => link.close());
  link.start();
  await waitFor(() => link.isReady, { what: 'Redis' });
  return new KeptStore(link);
}

test('[ADOPT-07] who took a room later finds what there was, and who had it before writes nothing more', async () => {
  const store = await aStore();
  const room = aRoom('demo');
  const policy = JSON.stringify({ source: 'main', policy: DEFAULT_CONTROL_POLICY });
  expect(readRoom(await store.take(room, 1)).policies).toEqual([]);
  expect(await store.keep(room, 1, new Map([['p:main', policy]]))).toBe(true);
  expect(readRoom(await store.take(room, 2)).policies).toMatchObject([{ source: 'main' }]);
  expect(await store.keep(room, 1, new Map([['p:main', '']]))).toBe(false);
  await expect(store.take(room, 1)).rejects.toMatchObject({ code: 'home-unknown' });
  expect(readRoom(await store.take(room, 2)).policies).toHaveLength(1);
  expect(await store.keep(room, 2, new Map([['p:main', '']]))).toBe(true);
  expect(readRoom(await store.take(room, 3)).policies).toEqual([]);
  expect(await store.keep(room, 2, new Map([['p:main', policy]]))).toBe(false);
});

test('[ADOPT-08] a client at a node is somebody’s from its hook until its session is over', async () => {
  const store = await aStore();
  const place = { service: 'run-1', clientId: 'c1' };
  expect(await store.isClaimed(place)).toBe(false);
  await store.claim(place, 60_000);
  expect(await store.isClaimed(place)).toBe(true);
  expect(await store.isClaimed({ ...place, service: 'run-2' })).toBe(false);
  await store.disclaim(place);
  expect(await store.isClaimed(place)).toBe(false);
});
