import { describe, expect, test } from 'vitest';
import { RoomId } from '../../../../gateway/protocol/ids.ts';
import { HomeKeeperUnderTest } from '../../../support/redis/a-home-keeper.ts';
import { startRedis } from '../../../support/redis/start-redis.ts';
import { waitFor } from '../../../support/wait-for.ts';

const room = RoomId.parse('demo');
const patience = { timeoutMs: 30_000, what: 'the homes to know' };

describe('the home of a room', () => {
  test('[CLUSTER-05] is at one gateway, however they race, and each term is higher', async () => {
    const redis = await startRedis();
    const keepers = ['a', 'b', 'c'].map((name) => new HomeKeeperUnderTest(name, redis.url));
    await Promise.all(keepers.map((keeper) => keeper.knows(2)));
    const rooms = Array.from({ length: 50 }, (_, at) => RoomId.parse(`room-${at}`));
    const homes = await Promise.all(
      rooms.map((each) => Promise.all(keepers.map(({ homes }) => homes.homeOf(each)))),
    );
    for (const answers of homes) expect(answers.filter(({ here }) => here)).toHaveLength(1);
    const terms = homes.flat().flatMap((home) => (home.here ? [home.term] : []));
    expect(new Set(terms).size).toBe(50);
    for (const [at, each] of rooms.entries()) {
      const here = keepers.filter(({ homes: of }) => of.isHere(each));
      expect(here, `room ${at}`).toHaveLength(1);
    }
  }, 60_000);

  test('[CLUSTER-06] is not claimed by who only asks', async () => {
    const redis = await startRedis();
    const { homes } = new HomeKeeperUnderTest('a', redis.url);
    await waitFor(() => homes.hearsRedis, patience);
    expect(await homes.find(room)).toBeUndefined();
    const home = await homes.homeOf(room);
    expect(home.here).toBe(true);
    expect(await homes.find(room)).toEqual(home);
  }, 60_000);

  test('[CLUSTER-58] is served at once where nobody had it, else after what it had was adopted', async () => {
    const redis = await startRedis();
    const one = new HomeKeeperUnderTest('one', redis.url);
    const two = new HomeKeeperUnderTest('two', redis.url);
    await Promise.all([one.knows(1), two.knows(1)]);
    const adopted = Promise.withResolvers<undefined>();
    [one.adoption, two.adoption] = [new Promise(() => undefined), adopted.promise];
    expect(await one.homes.homeOf(room)).toMatchObject({ here: true });
    expect(one.homes.isHere(room)).toBe(true);
    const other = RoomId.parse('other');
    one.adoption = Promise.reject(new Error('Redis is away'));
    one.adoption.catch(() => undefined);
    expect(await one.homes.homeOf(other)).toMatchObject({ here: true });
    await one.homes.release([room]);
    expect(one.homes.isHere(other)).toBe(true);
    const home = two.homes.homeOf(room);
    await waitFor(() => two.told.includes('gained demo'), patience);
    expect(two.homes.isHere(room)).toBe(false);
    adopted.resolve(undefined);
    expect(await home).toMatchObject({ here: true });
    expect(two.homes.isHere(room)).toBe(true);
  }, 60_000);

  test('[CLUSTER-07] goes to another when its gateway dies, in a higher term', async () => {
    const redis = await startRedis();
    const one = new HomeKeeperUnderTest('one', redis.url);
    const two = new HomeKeeperUnderTest('two', redis.url);
    await Promise.all([one.knows(1), two.knows(1)]);
    const before = await one.homes.homeOf(room);
    expect(await two.homes.homeOf(room)).toEqual({
      here: false,
      gateway: { name: 'one', url: 'http://one.example' },
    });
    one.die();
    await waitFor(() => two.homes.isHere(room), patience);
    expect(two.told).toEqual(['gained demo']);
    expect(two.homes.termOf(room)).toBeGreaterThan(before.here ? before.term : Infinity);
    // By its own clock, before another could have it.
    expect(one.homes.isHere(room)).toBe(false);
    await waitFor(() => one.told.includes('lost demo'), patience);
  }, 60_000);

  test('[CLUSTER-08] goes to another at once when it is given back', async () => {
    const redis = await startRedis();
    const one = new HomeKeeperUnderTest('one', redis.url);
    const two = new HomeKeeperUnderTest('two', redis.url);
    await Promise.all([one.knows(1), two.knows(1)]);
    await one.homes.homeOf(room);
    await one.homes.release([room]);
    expect(one.homes.isHere(room)).toBe(false);
    expect((await two.homes.find(room))?.here).toBe(true);
    expect(one.told).toEqual(['gained demo']);
  }, 60_000);

  test('[CLUSTER-09] stays while Redis is away from all, and other rooms get none', async () => {
    const redis = await startRedis();
    const one = new HomeKeeperUnderTest('one', redis.url, () => true);
    const two = new HomeKeeperUnderTest('two', redis.url, () => true);
    await Promise.all([one.knows(1), two.knows(1)]);
    const before = await one.homes.homeOf(room);
    await redis.kill();
    await waitFor(() => !one.homes.hearsRedis && !two.homes.hearsRedis, patience);
    const elsewhere = RoomId.parse('elsewhere');
    await expect(one.homes.homeOf(elsewhere)).rejects.toMatchObject({ code: 'home-unknown' });
    await waitFor(() => one.homes.isHere(room), patience);
    await redis.start();
    await waitFor(() => one.told.includes('rewrite demo'), patience);
    expect(await one.homes.homeOf(room)).toEqual(before);
    await waitFor(() => two.homes.hearsRedis, patience);
    expect((await two.homes.homeOf(room)).here).toBe(false);
    expect(one.told).not.toContain('lost demo');
    const next = await one.homes.homeOf(elsewhere);
    expect(next.here && before.here && next.term > before.term).toBe(true);
  }, 60_000);

  test('[CLUSTER-10] is given up when Redis is away from its gateway alone', async () => {
    const redis = await startRedis();
    const one = new HomeKeeperUnderTest('one', redis.url, () => false);
    const two = new HomeKeeperUnderTest('two', redis.url, () => false);
    await Promise.all([one.knows(1), two.knows(1)]);
    await one.homes.homeOf(room);
    redis.freeze();
    await waitFor(() => one.told.includes('lost demo'), patience);
    expect(one.homes.isHere(room)).toBe(false);
    redis.thaw();
    await waitFor(async () => (await two.homes.find(room))?.here !== undefined, patience);
  }, 60_000);

  test('[CHAOS-30] of trials is told by its name, also after another took over what its gateway had', async () => {
    const redis = await startRedis();
    const trials = RoomId.parse('pixelcast-trial-one');
    const before = new HomeKeeperUnderTest('one', redis.url);
    const two = new HomeKeeperUnderTest('two', redis.url);
    await Promise.all([before.knows(1), two.knows(1)]);
    expect(before.homes.isHere(trials)).toBe(true);
    await before.homes.homeOf(room);
    before.die();
    await waitFor(() => two.homes.isHere(room), patience);
    expect(await two.homes.find(trials)).toBeUndefined();
    const one = new HomeKeeperUnderTest('one', redis.url);
    await Promise.all([one.knows(1), two.knows(1)]);
    expect(one.homes.isHere(trials)).toBe(true);
    expect(await two.homes.find(trials)).toMatchObject({ here: false, gateway: { name: 'one' } });
    expect(two.homes.isHere(trials)).toBe(false);
  }, 60_000);

  test('[CHAOS-31] is remembered while Redis is away, killed or silent', async () => {
    const redis = await startRedis();
    const one = new HomeKeeperUnderTest('one', redis.url, () => true);
    const two = new HomeKeeperUnderTest('two', redis.url, () => true);
    await Promise.all([one.knows(1), two.knows(1)]);
    await one.homes.homeOf(room);
    const home = await two.homes.homeOf(room);
    redis.freeze();
    expect(await two.homes.find(room)).toEqual(home);
    redis.thaw();
    await redis.kill();
    await waitFor(() => !two.homes.hearsRedis, patience);
    expect(await two.homes.homeOf(room)).toEqual(home);
    await expect(two.homes.find(RoomId.parse('unheard-of'))).rejects.toMatchObject({
      code: 'home-unknown',
    });
  }, 60_000);
});
