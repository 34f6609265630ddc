import { randomBytes } from 'node:crypto';
import { createClient } from 'redis';
import { expect, onTestFinished, test } from 'vitest';
import type { AccountParts } from '../../../../gateway/create-accounts.ts';
import { SHARED_TABLES } from '../../../../gateway/accounts/shared-tables.ts';
import { SharedTries } from '../../../../gateway/accounts/shared-tries.ts';
import { Envelope } from '../../../../gateway/cluster/envelope.ts';
import { readChange } from '../../../../gateway/cluster/rows/shared-table.ts';
import { formatHash } from '../../../../gateway/accounts/password-hash.ts';
import { RoomId } from '../../../../gateway/protocol/ids.ts';
import { aGrant } from '../../../support/gateway/a-gateway-core.ts';
import { aClusterLink, clusterPeople, ENVELOPE } from '../../../support/gateway/cluster-people.ts';
import { startRedis } from '../../../support/redis/start-redis.ts';
import { waitFor } from '../../../support/wait-for.ts';

const HASH = formatHash({ ln: 10, r: 8, p: 1, salt: randomBytes(16), hash: randomBytes(32) });
/** A row of the table `accounts`. */
const ROW = {
  ...{ id: 'forged', name: 'eve', name_key: 'eve', role: 'admin', rooms: '"*"', hash: HASH },
  ...{ disabled: 0, version: 9, created_at: 1, last_login_at: null },
};
const SOON = { timeoutMs: 20_000 };

const add = (people: AccountParts, name: string) =>
  people.accounts.add({ name, role: 'admin', rooms: '*', hash: HASH });

const knows = (people: AccountParts, name: string) =>
  waitFor(() => people.accounts.byName(name), { ...SOON, what: `${name} to be known` });

const INVITATION = { room: RoomId.parse('demo'), rights: 'view', uses: 1, note: '' } as const;
const invite = (people: AccountParts) =>
  people.invitations.create(aGrant({ can: ['admin'], expiresAt: Date.now() + 7_200_000 }), {
    ...INVITATION,
    ...{ ttlSeconds: 3600, tokenSeconds: 600 },
  });

async function two() {
  const redis = await startRedis();
  const one = await clusterPeople(redis.url, 'one');
  const other = await clusterPeople(redis.url, 'two');
  return { redis, one, other };
}

test('[CLUSTER-50] an account is made, changed and deleted at all gateways', async () => {
  const { one, other } = await two();
  await add(one, 'root');
  const anna = await add(one, 'anna');
  const there = await knows(other, 'anna');
  expect(there).toEqual(anna);
  await other.accounts.change(there, { isDisabled: true, role: 'viewer' });
  await waitFor(() => one.accounts.byName('anna')?.isDisabled, { ...SOON, what: 'the change' });
  expect(one.accounts.byName('anna')).toMatchObject({ role: 'viewer', version: 2, hash: HASH });
  await one.accounts.delete(await knows(one, 'anna'));
  await waitFor(() => !other.accounts.byName('anna'), { ...SOON, what: 'it to be deleted' });
  expect(other.accounts.byName('root')).toBeDefined();
});

test('[CLUSTER-51] who logs in at one gateway is known at the others, and out everywhere', async () => {
  const { one, other } = await two();
  const anna = await add(one, 'anna');
  await knows(other, 'anna');
  const { cookie } = await one.logins.open(anna);
  const found = await waitFor(() => other.logins.find(cookie), { ...SOON, what: 'the login' });
  expect(found.account.name).toBe('anna');
  await other.logins.close(found.login);
  await waitFor(() => !one.logins.find(cookie), { ...SOON, what: 'its end' });
  const second = await one.logins.open(anna);
  await waitFor(() => other.logins.find(second.cookie), { ...SOON, what: 'the second login' });
  await add(other, 'root');
  await knows(one, 'root');
  await one.accounts.change(anna, { role: 'viewer' });
  await waitFor(() => !other.logins.find(second.cookie), { ...SOON, what: 'the change to end it' });
});

test('[CLUSTER-52] who was away catches up, who starts empty has all, and a Redis that forgot is told', async () => {
  const { redis, one, other } = await two();
  const anna = await add(one, 'anna');
  await knows(other, 'anna');
  await other.stop();
  await add(one, 'bert');
  await add(one, 'carl');
  await one.accounts.delete(anna);
  const again = await clusterPeople(redis.url, 'two', other.folder);
  expect(again.accounts.byName('anna')).toBeDefined();
  await knows(again, 'bert');
  await waitFor(() => !again.accounts.byName('anna'), { ...SOON, what: 'the deletion' });
  await redis.kill();
  await waitFor(() => !again.link.isReady && !one.link.isReady, { ...SOON, what: 'Redis to go' });
  await add(again, 'dora');
  expect((await one.logins.open(await knows(one, 'bert'))).login.account).toBeDefined();
  await redis.start();
  await knows(one, 'dora');
  const third = await clusterPeople(redis.url, 'three');
  await knows(third, 'carl');
  await knows(third, 'dora');
  expect(third.accounts.byName('anna')).toBeUndefined();
  await waitFor(() => third.logins.size === 1, { ...SOON, what: 'the login' });
}, 60_000);

test('[CLUSTER-53] of two accounts of one name that met, the older one stays at all', async () => {
  const redis = await startRedis();
  const one = await clusterPeople(redis.url, 'one');
  one.link.close();
  const older = await add(one, 'Anna');
  await waitFor(() => Date.now() > older.createdAt, { what: 'a millisecond' });
  const other = await clusterPeople(redis.url, 'two');
  const newer = await add(other, 'anna');
  await add(other, 'bert');
  await one.stop();
  const back = await clusterPeople(redis.url, 'one', one.folder);
  await waitFor(() => other.accounts.byName('anna')?.id === older.id, { ...SOON, what: 'it' });
  await knows(back, 'bert');
  expect(back.accounts.byName('anna')?.id).toBe(older.id);
  expect([back, other].map(({ accounts }) => accounts.byId(newer.id))).toEqual([
    undefined,
    undefined,
  ]);
});

test('[CLUSTER-54] an invitation has its uses at all gateways together, and is taken back at all', async () => {
  const { redis, one, other } = await two();
  const { invitation, code } = await invite(one);
  const there = await waitFor(() => other.invitations.byCode(code), { ...SOON, what: 'it' });
  const used = await Promise.all([
    one.invitations.use(invitation),
    other.invitations.use(there),
    one.invitations.use(invitation),
  ]);
  expect(used.filter(Boolean)).toHaveLength(1);
  for (const each of [one, other]) {
    await waitFor(async () => (await each.invitations.byCode(code))?.used === 1, {
      ...SOON,
      what: 'its use to be known',
    });
  }
  await other.invitations.revoke(there);
  await waitFor(() => one.invitations.isRevoked(invitation.id), { ...SOON, what: 'its end' });
  await redis.kill();
  await waitFor(() => !one.link.isReady, { ...SOON, what: 'Redis to go' });
  const alone = await invite(one);
  expect(await one.invitations.use(alone.invitation)).toBe(true);
  expect(await one.invitations.use(alone.invitation)).toBe(false);
});

test('[CLUSTER-55] nobody without the secret reads rows in Redis or makes them up', async () => {
  const { redis, one, other } = await two();
  const anna = await add(one, 'anna');
  const { cookie } = await one.logins.open(anna);
  const { code } = await invite(one);
  await waitFor(() => other.invitations.byCode(code), { ...SOON, what: 'the invitation' });
  const client = await createClient({ url: redis.url }).connect();
  onTestFinished(() => client.destroy());
  const key = 'pixelcast:cluster:v1:rows:{users}:all';
  const kept = Object.values(await client.hGetAll(key)).join();
  expect([cookie, code, HASH, 'anna'].filter((secret) => kept.includes(secret))).toEqual([]);
  const change = { kind: 'accounts', id: 'forged', version: 9, stamp: 9, row: ROW };
  expect(readChange(JSON.stringify(change), SHARED_TABLES)).toEqual(change);
  const unsealed = [change, { ...change, id: anna.id, row: null }].map((each) =>
    JSON.stringify(each),
  );
  const bad = [
    ...['', '[', '{}', ...unsealed].map((text) => new Envelope('another').close(text)),
    ...unsealed,
    ...['', '[', '{}'].map((text) => ENVELOPE.close(text)),
    ...[
      { ...change, id: 'other' },
      { ...change, row: { ...ROW, rooms: 'no JSON' } },
      { ...change, row: { ...ROW, role: 'god' } },
      { ...change, id: 'x'.repeat(300), row: null },
      { ...change, kind: 'sqlite_master', row: null },
    ].map((each) => ENVELOPE.close(JSON.stringify(each))),
  ];
  const channel = 'pixelcast:cluster:v1:news:rows-users';
  for (const texts of [JSON.stringify(bad), '[', '{}', JSON.stringify(bad.map(() => 7))]) {
    await client.publish(channel, `evil\n${texts}`);
  }
  for (const [at, text] of bad.entries()) {
    await client.hSet(key, `accounts evil${at}`, `9 9 0 0 ${text}`);
    const place = { score: 50 + at, value: `accounts evil${at}` };
    await client.zAdd('pixelcast:cluster:v1:rows:{users}:order', place);
  }
  await client.hSet(key, 'seq', '90');
  await add(other, 'bert');
  await knows(one, 'bert');
  const third = await clusterPeople(redis.url, 'three');
  await knows(third, 'bert');
  for (const { accounts } of [one, other, third]) {
    expect(accounts.list().map(({ name }) => name)).toEqual(['anna', 'bert']);
    expect(accounts.byName('anna')).toEqual(anna);
  }
  expect(other.logins.find(cookie)?.account).toMatchObject({ name: 'anna', isDisabled: false });
});

test('[CLUSTER-56] guesses at two gateways count together, and Redis has no names of them', async () => {
  const redis = await startRedis();
  const links = await Promise.all(['one', 'two'].map((name) => aClusterLink(redis.url, name)));
  const [one, other] = links.map(({ link }) => new SharedTries(link, 'a secret of all'));
  if (one === undefined || other === undefined) throw new Error('two links');
  const anna = (free: number) => [{ key: 'anna', rule: { free, longestMs: 60_000 } }];
  expect(await one.take(anna(9))).toBe(0);
  expect(await other.take(anna(9))).toBe(0);
  expect(await one.take(anna(-1))).toBe(0);
  const wait = (await other.take([...anna(9), { key: 'b', rule: { free: 9, longestMs: 9 } }])) ?? 0;
  // The third try of all: 16 s; by the tries of one gateway alone it were 8 s.
  expect([wait > 8_000, wait <= 16_000]).toEqual([true, true]);
  expect((await redisKeys(redis.url, '*tries*')).map((key) => key.includes('anna'))).toEqual([
    false,
  ]);
  await other.forget(anna(9));
  expect(await one.take(anna(-9))).toBe(0);
  await one.undo(anna(-9));
  expect(await redisKeys(redis.url, '*tries*')).toEqual([]);
  await redis.kill();
  await waitFor(() => links.every(({ link }) => !link.isReady), { ...SOON, what: 'Redis to go' });
  expect(await one.take(anna(9))).toBeUndefined();
});

async function redisKeys(url: string, pattern: string): Promise<string[]> {
  const client = await createClient({ url }).connect();
  onTestFinished(() => client.destroy());
  client.on('error', () => undefined);
  return await client.keys(pattern);
}
