import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createClient } from 'redis';
import { expect, onTestFinished, test } from 'vitest';
import { RoomId } from '../../../../gateway/protocol/ids.ts';
import { aFolder } from '../../../support/gateway/start-gateway.ts';
import { freeTcpPort } from '../../../support/net/free-port.ts';
import { HomeKeeperUnderTest } from '../../../support/redis/a-home-keeper.ts';
import type { RedisServer } from '../../../support/redis/redis-server.ts';
import { startRedis } from '../../../support/redis/start-redis.ts';
import { waitFor } from '../../../support/wait-for.ts';

/** A real redis-sentinel that watches one master. */
async function aSentinel(master: RedisServer, replica: RedisServer): Promise<string> {
  const port = await freeTcpPort();
  const file = join(aFolder(), 'sentinel.conf');
  const lines = [
    `port ${port}`,
    'bind 127.0.0.1',
    `sentinel monitor pixelcast 127.0.0.1 ${master.port} 1`,
    `sentinel known-replica pixelcast 127.0.0.1 ${replica.port}`,
    'sentinel down-after-milliseconds pixelcast 500',
    'sentinel failover-timeout pixelcast 3000',
  ];
  writeFileSync(file, `${lines.join('\n')}\n`);
  const child = spawn('redis-server', [file, '--sentinel'], { stdio: 'ignore' });
  onTestFinished(async () => {
    const ended = once(child, 'exit');
    if (child.kill('SIGKILL')) await ended;
  });
  return `redis+sentinel://127.0.0.1:${port}/pixelcast`;
}

async function roleOf({ url }: RedisServer): Promise<string> {
  const client = createClient({ url });
  client.on('error', () => undefined);
  await client.connect();
  const role: unknown = await client.sendCommand(['ROLE']);
  client.destroy();
  return JSON.stringify(role);
}

test('[CLUSTER-15] the master that sentinels name is followed when it fails', async () => {
  const master = await startRedis();
  const replica = await startRedis(['--replicaof', '127.0.0.1', String(master.port)]);
  const url = await aSentinel(master, replica);
  const keeper = new HomeKeeperUnderTest('one', url, () => true);
  const room = RoomId.parse('demo');
  await waitFor(() => keeper.homes.hearsRedis, { timeoutMs: 30_000, what: 'the master' });
  const home = await keeper.homes.homeOf(room);
  expect(home.here).toBe(true);
  await waitFor(async () => (await roleOf(replica)).includes('connected'), {
    timeoutMs: 30_000,
    what: 'the replica to have all',
  });
  await master.kill();
  await waitFor(async () => (await roleOf(replica)).includes('master'), {
    timeoutMs: 60_000,
    what: 'the replica to be the master',
  });
  await waitFor(() => keeper.told.includes('rewrite demo') && keeper.homes.hearsRedis, {
    timeoutMs: 30_000,
    what: 'the new master to be used',
  });
  expect(await keeper.homes.homeOf(room)).toEqual(home);
}, 120_000);
