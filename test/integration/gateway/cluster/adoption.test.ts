import type { ServerResponse } from 'node:http';
import { createClient } from 'redis';
import { describe, expect, test } from 'vitest';
import { roomKey } from '../../../../gateway/cluster/kept-names.ts';
import { RoomId } from '../../../../gateway/protocol/ids.ts';
import { aToken, anAdminToken } from '../../../support/gateway/a-token.ts';
import { aControlledHost, aController } from '../../../support/gateway/a-controlled-room.ts';
import {
  aClusterGateway,
  aClusterProcess,
  hooksTo,
  offer,
  openSession,
  withLongGrace,
} from '../../../support/gateway/cluster-gateways.ts';
import { startFakeSrs, type FakeSrs } from '../../../support/gateway/fake-srs.ts';
import { startRedis } from '../../../support/redis/start-redis.ts';
import { waitFor } from '../../../support/wait-for.ts';

const statusOf = async (url: string, method = 'GET'): Promise<number> =>
  (await fetch(url, { method })).status;

/** Resolves once a gateway answers so. */
const answers = (url: string, status: number): Promise<true> =>
  waitFor(async () => (await statusOf(url)) === status, {
    timeoutMs: 30_000,
    what: `${status} of ${url}`,
  });

/** Resolves once something of the room is in Redis, which is written behind the work. */
async function isKept(url: string, text: string): Promise<void> {
  const client = createClient({ url });
  await client.connect();
  const kept = async () => Object.values(await client.hGetAll(roomKey(RoomId.parse('demo'))));
  await waitFor(async () => (await kept()).join().includes(text), { what: `${text} to be kept` });
  client.destroy();
}

/** Clients that a gateway removed. */
const removed = (srs: FakeSrs): number => srs.deletions.length + srs.kicked.length;

describe('a gateway that is gone', () => {
  test('[ADOPT-09] by kill -9: another answers for its sessions, nothing ends at the node, and control is back', async () => {
    const [redis, srs] = [await startRedis(), await startFakeSrs()];
    const [one, two] = await Promise.all([
      aClusterProcess(srs.url, redis.url),
      aClusterProcess(srs.url, redis.url),
    ]);
    hooksTo(srs, two.url);
    const sessions = [await openSession(one.url, 'publish'), await openSession(one.url, 'watch')];
    srs.connectAll();
    await aControlledHost(one.url);
    const ben = await aController(one.url);
    await withLongGrace(one.url);
    await ben.wish('request');
    const before = await waitFor(() => ben.epoch(), { what: 'control' });
    await isKept(redis.url, `${before}`);

    await one.kill();
    for (const path of sessions) await answers(two.url + path, 204);
    const host = await aControlledHost(two.url);
    const again = await aController(two.url, { resume: ben.welcome.resume });
    expect(again.viewer).toBe(ben.viewer);
    const after = await waitFor(() => again.epoch(), { what: 'control again' });
    expect(after).toBeGreaterThan(before);
    await host.hearsSuch('control/leases', ({ leases }) =>
      JSON.stringify(leases).includes(`${after}`),
    );
    expect(removed(srs)).toBe(0);
    expect(srs.clients.size).toBe(2);
    expect(await statusOf(two.url + (sessions[1] ?? ''), 'DELETE')).toBe(200);
    await waitFor(() => srs.clients.size === 1, { what: 'its client to be removed' });
  }, 120_000);

  test('[ADOPT-16] before it could answer: its publisher comes again at once, and nothing is left at the node', async () => {
    const [redis, srs] = [await startRedis(), await startFakeSrs()];
    const [one, two] = await Promise.all([
      aClusterProcess(srs.url, redis.url),
      aClusterProcess(srs.url, redis.url),
    ]);
    hooksTo(srs, one.url);
    const answer = Promise.withResolvers<ServerResponse>();
    srs.canned.push(answer.resolve);
    const offering = offer(one.url, 'publish').catch(() => undefined);
    const unanswered = await answer.promise;
    await isKept(redis.url, '"kind":"publish"');
    await one.kill();
    unanswered.destroy();
    expect(await offering).toBeUndefined();
    hooksTo(srs, two.url);
    const path = await openSession(two.url, 'publish');
    expect(await statusOf(two.url + path)).toBe(204);
    await waitFor(() => srs.clients.size === 1, { what: 'the first publisher to be removed' });
  }, 120_000);

  test('[ADOPT-07] that slept and wakes has nothing any more: its sockets end with 1012, its requests are handed on', async () => {
    const [redis, srs] = [await startRedis(), await startFakeSrs()];
    const [one, two] = await Promise.all([
      aClusterProcess(srs.url, redis.url),
      aClusterProcess(srs.url, redis.url),
    ]);
    hooksTo(srs, two.url);
    const path = await openSession(one.url, 'publish');
    srs.connectAll();
    const host = await aControlledHost(one.url);
    const ben = await aController(one.url);
    await ben.wish('request');
    await waitFor(() => ben.epoch(), { what: 'control' });
    const heard = host.heard('input/frame').length;

    one.freeze();
    await answers(two.url + path, 204);
    one.thaw();
    expect((await ben.socket.end()).code).toBe(1012);
    expect((await host.end()).code).toBe(1012);
    expect(host.heard('input/frame').length).toBe(heard);
    await answers(one.url + path, 204);
    expect(removed(srs)).toBe(0);
  }, 120_000);

  test('[ADOPT-11] by SIGTERM: rooms are handed over, sockets end with 1012, no session ends', async () => {
    const [redis, srs] = [await startRedis(), await startFakeSrs()];
    const one = await aClusterGateway(srs, redis.url);
    const two = await aClusterGateway(srs, redis.url);
    hooksTo(srs, two.url);
    const sessions = [await openSession(one.url, 'publish'), await openSession(one.url, 'watch')];
    srs.connectAll();
    const host = await aControlledHost(one.url);
    const ben = await aController(one.url);
    await withLongGrace(one.url);
    await ben.wish('request');
    const before = await waitFor(() => ben.epoch(), { what: 'control' });

    const closed = one.close();
    expect((await ben.socket.end()).code).toBe(1012);
    expect((await host.end()).code).toBe(1012);
    await aControlledHost(two.url);
    const again = await aController(two.url, { resume: ben.welcome.resume });
    expect(again.viewer).toBe(ben.viewer);
    const after = await waitFor(() => again.epoch(), { what: 'control again' });
    expect(after).toBeGreaterThan(before);
    await closed;
    for (const path of sessions) expect(await statusOf(two.url + path)).toBe(204);
    expect(removed(srs)).toBe(0);
    expect(srs.clients.size).toBe(2);
  }, 120_000);

  test('[CHAOS-33] by SIGTERM: it is not ready at once, and serves on until balancers know', async () => {
    const [redis, srs] = [await startRedis(), await startFakeSrs()];
    const one = await aClusterGateway(srs, redis.url, { SHUTDOWN_NOTICE_MS: '4000' });
    hooksTo(srs, one.url);
    const ben = await aController(one.url);
    const readiness = (): Promise<number> => statusOf(`${one.url}/readyz`);
    expect(await readiness()).toBe(200);
    const closed = one.close();
    expect(await readiness()).toBe(503);
    const publisher = one.url + (await openSession(one.url, 'publish'));
    expect(await statusOf(publisher)).toBe(204);
    expect((await ben.socket.end()).code).toBe(1012);
    await closed;
  }, 120_000);
});

test('[ADOPT-10] a revocation is in force at all gateways, and at one that comes later', async () => {
  const [redis, srs] = [await startRedis(), await startFakeSrs()];
  const one = await aClusterGateway(srs, redis.url);
  const two = await aClusterGateway(srs, redis.url);
  const token = aToken({ sub: 'ben' });
  const path = await openSession(one.url, 'publish', token);
  const reply = await two.request('POST', '/api/v1/revocations', {
    token: anAdminToken(),
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ sub: 'ben' }),
  });
  expect(reply.status).toBe(201);
  await answers(two.url + path, 404);
  await waitFor(() => srs.clients.size === 0, { what: 'the client to be removed' });
  const three = await aClusterGateway(srs, redis.url);
  await waitFor(async () => (await three.whip('other', { token })).status === 401, {
    timeoutMs: 30_000,
    what: 'the token to be refused',
  });
}, 120_000);

test('[ADOPT-13] a Redis that lost everything is told anew: sessions go on, also at another gateway', async () => {
  const [redis, srs] = [await startRedis(), await startFakeSrs()];
  const one = await aClusterProcess(srs.url, redis.url);
  hooksTo(srs, one.url);
  const path = await openSession(one.url, 'publish');
  srs.connectAll();
  await redis.kill();
  await answers(one.url + path, 204);
  await redis.start();
  const two = await aClusterProcess(srs.url, redis.url);
  await answers(two.url + path, 204);
  hooksTo(srs, two.url);
  await one.kill();
  await answers(two.url + path, 204);
  expect(removed(srs)).toBe(0);
  expect(srs.clients.size).toBe(1);
}, 120_000);
