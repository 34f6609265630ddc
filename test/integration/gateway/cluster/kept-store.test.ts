import { pino } from 'pino';
import { expect, onTestFinished, test } from 'vitest';
import { KeptStore } from '../../../../gateway/cluster/kept-store.ts';
import { readRoom, type KeptRoom } from '../../../../gateway/cluster/kept-wire.ts';
import { HomeRegister } from '../../../../gateway/cluster/redis/home-register.ts';
import { RedisLink } from '../../../../gateway/redis/redis-link.ts';
import { DEFAULT_CONTROL_POLICY } from '../../../../gateway/control/policy.ts';
import { aRoom } from '../../../support/gateway/a-gateway-core.ts';
import { startRedis } from '../../../support/redis/start-redis.ts';
import { waitFor } from '../../../support/wait-for.ts';

const ROOM = aRoom('demo');

async function aLink(): Promise<RedisLink> {
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
  return link;
}

/** Claims a room for a gateway that lives: its term, and what the room had. */
async function claim(link: RedisLink, name: string): Promise<readonly [number, KeptRoom]> {
  const register = new HomeRegister({ name, url: `http://${name}.example` }, link);
  // Until former homes had their time to come back.
  const own = await waitFor(
    async () => {
      await register.beat(0);
      const claimed = await register.claim(ROOM, 'claim');
      return claimed[0] === 'here' ? claimed : undefined;
    },
    { what: 'the room' },
  );
  const [, term, , kept] = own;
  return [term, readRoom(kept)];
}

test('[ADOPT-07] who took a room later finds what there was, and who had it before writes nothing more', async () => {
  const link = await aLink();
  const store = new KeptStore(link);
  const release = (name: string) =>
    new HomeRegister({ name, url: '' }, link).release([ROOM], 'free');
  const policy = JSON.stringify({ source: 'main', policy: DEFAULT_CONTROL_POLICY });
  const [first, nothing] = await claim(link, 'one');
  expect(nothing.policies).toEqual([]);
  expect(await store.keep(ROOM, first, new Map([['p:main', policy]]))).toBe(true);
  await release('one');
  const [second, had] = await claim(link, 'two');
  expect(second).toBeGreaterThan(first);
  expect(had.policies).toMatchObject([{ source: 'main' }]);
  expect(await store.keep(ROOM, first, new Map([['p:main', '']]))).toBe(false);
  const [again, still] = await claim(link, 'two');
  expect([again, still.policies.length]).toEqual([second, 1]);
  expect(await store.keep(ROOM, second, new Map([['p:main', '']]))).toBe(true);
  await release('two');
  const [third, empty] = await claim(link, 'one');
  expect(empty.policies).toEqual([]);
  expect(third).toBeGreaterThan(second);
  expect(await store.keep(ROOM, second, new Map([['p:main', policy]]))).toBe(false);
});

test('[ADOPT-07] a home that comes after Redis forgot the terms is above all that wrote in the room', async () => {
  const link = await aLink();
  const store = new KeptStore(link);
  expect(await store.keep(ROOM, 41, new Map([['p:main', 'x']]))).toBe(true);
  const [term] = await claim(link, 'one');
  expect(term).toBe(42);
  expect(await store.keep(ROOM, 41, new Map([['p:main', 'y']]))).toBe(false);
});

test('[ADOPT-08] a client at a node is somebody’s from its hook until its session is over', async () => {
  const store = new KeptStore(await aLink());
  const place = { service: 'run-1', clientId: 'c1' };
  expect(await store.isClaimed(place)).toBe(false);
  await store.claim(place, 60_000);
  expect(await store.isClaimed(place)).toBe(true);
  expect(await store.isClaimed({ ...place, service: 'run-2' })).toBe(false);
  await store.disclaim(place);
  expect(await store.isClaimed(place)).toBe(false);
});
