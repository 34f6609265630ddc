import { describe, expect, onTestFinished, test } from 'vitest';
import { aSignalGateway, isLinked, twoGateways } from '../../../support/gateway/signal-gateway.ts';
import { aPeer, anApplicant, CANDIDATE, SDP } from '../../../support/gateway/signal-peer.ts';
import { freeTcpPort } from '../../../support/net/free-port.ts';
import { RedisServer } from '../../../support/redis/redis-server.ts';
import { startRedis } from '../../../support/redis/start-redis.ts';
import { waitFor } from '../../../support/wait-for.ts';

describe('peers at two gateways that share a Redis', () => {
  test('[SIG-30] find each other and connect, whoever comes first', async () => {
    const redis = await startRedis();
    const [one, two] = await twoGateways(redis.url);
    const early = await aPeer(one.url, 'receiver');
    const sender = await aPeer(two.url, 'sender');
    const late = await aPeer(one.url, 'receiver');
    expect(sender.registered['peers']).toMatchObject([{ peerId: early.peerId }]);
    expect(await early.socket.hears('peer-connected')).toMatchObject({ peerId: sender.peerId });
    expect(late.registered['peers']).toMatchObject([{ peerId: sender.peerId, role: 'sender' }]);
    expect(await sender.socket.hears('peer-connected')).toMatchObject({ peerId: late.peerId });

    const candidate = { candidate: CANDIDATE, sdpMid: '0', sdpMLineIndex: 0 };
    sender.socket.say({ type: 'offer', sdp: SDP, to: late.peerId });
    sender.socket.say({ type: 'ice-candidate', candidate, to: late.peerId });
    sender.socket.say({ type: 'ice-candidate', candidate: null, to: late.peerId });
    late.socket.say({ type: 'answer', sdp: SDP });
    await late.socket.hears('ice-candidate', 2);
    const from = sender.peerId;
    expect(late.socket.messages.slice(1)).toEqual([
      { type: 'offer', sdp: SDP, from },
      { type: 'ice-candidate', candidate, from },
      { type: 'ice-candidate', candidate: null, from },
    ]);
    expect(await sender.socket.hears('answer')).toMatchObject({ from: late.peerId });

    early.socket.say({ type: 'bye' });
    expect(await sender.socket.hears('peer-disconnected')).toMatchObject({
      peerId: early.peerId,
      reason: 'left',
    });
  }, 120_000);

  test('[SIG-31] a source has one sender in all of them, however they race', async () => {
    const redis = await startRedis();
    const gateways = await twoGateways(redis.url);
    const applicants = await Promise.all(
      Array.from({ length: 8 }, (_, index) =>
        anApplicant(gateways[index % 2 === 0 ? 0 : 1].url, 'sender'),
      ),
    );
    await waitFor(() => applicants.every(({ messages }) => messages.length > 0), {
      what: 'eight answers',
    });
    const types = applicants.map(({ messages }) => messages[0]?.type).toSorted();
    expect(types).toEqual([...Array<string>(7).fill('error'), 'registered']);
  }, 120_000);

  test('[SIG-32] who comes back at another gateway is the same peer, and its older socket ends', async () => {
    const redis = await startRedis();
    const [one, two] = await twoGateways(redis.url);
    const receiver = await aPeer(one.url, 'receiver');
    const sender = await aPeer(one.url, 'sender', { sub: 'anna' });
    const again = await aPeer(two.url, 'sender', { sub: 'anna', resume: sender.resume });
    expect(again.peerId).toBe(sender.peerId);
    expect(again.registered['peers']).toMatchObject([{ peerId: receiver.peerId }]);
    expect((await sender.socket.end()).code).toBe(4409);
    await receiver.socket.hears('peer-connected', 2);
    expect(receiver.socket.heard('peer-disconnected')).toEqual([]);
    again.socket.say({ type: 'offer', sdp: SDP });
    await receiver.socket.hears('offer');
  }, 120_000);

  test.each([
    ['sender', 'receiver'],
    ['receiver', 'sender'],
  ] as const)(
    '[SIG-33] when the gateway of a %s is killed the %s is told, and sees it again elsewhere',
    async (role, other) => {
      const redis = await startRedis();
      const [one, two] = await twoGateways(redis.url);
      const lost = await aPeer(one.url, role, { sub: 'anna' });
      const stays = await aPeer(two.url, other, { sub: 'ben' });
      await lost.socket.hears('peer-connected');
      await one.kill();
      expect((await lost.socket.end()).code).toBe(1006);
      const told = await waitFor(() => stays.socket.heard('peer-disconnected')[0], {
        timeoutMs: 30_000,
        what: 'the loss to be told',
      });
      expect(told).toMatchObject({ peerId: lost.peerId, reason: 'lost' });
      const again = await aPeer(two.url, role, { sub: 'anna', resume: lost.resume });
      expect(again.registered['peers']).toMatchObject([{ peerId: stays.peerId }]);
      await stays.socket.hearsSuch('peer-connected', ({ peerId }) => peerId === lost.peerId);
    },
    120_000,
  );

  test('[SIG-33] a gateway that is killed and started again loses no room', async () => {
    const redis = await startRedis();
    const [one, two] = await twoGateways(redis.url);
    const sender = await aPeer(one.url, 'sender', { sub: 'anna' });
    const here = await aPeer(one.url, 'receiver', { sub: 'ben' });
    const there = await aPeer(two.url, 'receiver', { sub: 'cleo' });
    await one.kill();
    await one.start();
    await isLinked(one);
    const hereAgain = await aPeer(one.url, 'receiver', { sub: 'ben', resume: here.resume });
    const again = await aPeer(one.url, 'sender', { sub: 'anna', resume: sender.resume });
    expect(again.peerId).toBe(sender.peerId);
    expect(hereAgain.peerId).toBe(here.peerId);
    again.socket.say({ type: 'offer', sdp: SDP, to: there.peerId });
    again.socket.say({ type: 'offer', sdp: SDP, to: here.peerId });
    expect(await there.socket.hears('offer')).toMatchObject({ from: sender.peerId });
    expect(await hereAgain.socket.hears('offer')).toMatchObject({ from: sender.peerId });
  }, 120_000);
});

describe('a Redis that is away', () => {
  test('[SIG-34] at the start: peers of one gateway find each other, those of others as soon as it is there', async () => {
    const redis = new RedisServer(await freeTcpPort());
    onTestFinished(() => redis.kill());
    const [one, two] = [
      await aSignalGateway({ REDIS_URL: redis.url }),
      await aSignalGateway({ REDIS_URL: redis.url }),
    ];
    const sender = await aPeer(one.url, 'sender');
    const here = await aPeer(one.url, 'receiver');
    const there = await aPeer(two.url, 'receiver');
    expect(here.registered['peers']).toMatchObject([{ peerId: sender.peerId }]);
    expect(there.registered['peers']).toEqual([]);
    expect(one.output).toContain('Redis is away');
    expect(await one.metric('pixelcast_signal_redis_connected')).toBe(0);

    await redis.start();
    expect(await there.socket.hears('peer-connected')).toMatchObject({ peerId: sender.peerId });
    await sender.socket.hearsSuch('peer-connected', ({ peerId }) => peerId === there.peerId);
    sender.socket.say({ type: 'offer', sdp: SDP, to: there.peerId });
    await there.socket.hears('offer');
    expect(one.output.split('Redis is away').length).toBe(2);
  }, 120_000);

  test('[SIG-35] in the middle: nobody is taken for lost, messages to others are refused, and all is well after', async () => {
    const redis = await startRedis();
    const [one, two] = await twoGateways(redis.url);
    const sender = await aPeer(one.url, 'sender');
    const here = await aPeer(one.url, 'receiver');
    const there = await aPeer(two.url, 'receiver');
    await sender.socket.hears('peer-connected', 2);
    await redis.kill();
    const refused = await waitFor(
      () => {
        sender.socket.say({ type: 'offer', sdp: SDP, to: there.peerId });
        return sender.socket.heard('error').at(-1);
      },
      { what: 'a refusal', everyMs: 200 },
    );
    expect(refused).toMatchObject({ code: 'unreachable', to: there.peerId });
    sender.socket.say({ type: 'offer', sdp: SDP, to: here.peerId });
    await here.socket.hears('offer');

    await redis.start();
    await Promise.all([isLinked(one), isLinked(two)]);
    const before = there.socket.heard('offer').length;
    await waitFor(
      () => {
        sender.socket.say({ type: 'offer', sdp: SDP, to: there.peerId });
        return there.socket.heard('offer').length > before;
      },
      { what: 'an offer that arrives', everyMs: 200 },
    );
    for (const { socket } of [sender, here, there]) {
      expect(socket.heard('peer-disconnected')).toEqual([]);
    }
    const late = await aPeer(two.url, 'receiver');
    expect(late.registered['peers']).toMatchObject([{ peerId: sender.peerId }]);
  }, 120_000);

  test('[SIG-36] that hangs holds nobody up, and nobody is taken for lost after it', async () => {
    const redis = await startRedis();
    const [one, two] = await twoGateways(redis.url);
    const sender = await aPeer(one.url, 'sender');
    const there = await aPeer(two.url, 'receiver');
    await sender.socket.hears('peer-connected');
    redis.freeze();
    const here = await aPeer(one.url, 'receiver');
    expect(here.registered['peers']).toMatchObject([{ peerId: sender.peerId }]);
    await waitFor(async () => (await two.metric('pixelcast_signal_redis_connected')) === 0, {
      timeoutMs: 30_000,
      what: 'the gateway to notice',
    });
    redis.thaw();
    await Promise.all([isLinked(one), isLinked(two)]);
    await waitFor(
      () => {
        sender.socket.say({ type: 'offer', sdp: SDP, to: there.peerId });
        return there.socket.heard('offer').length > 0;
      },
      { timeoutMs: 30_000, what: 'an offer that arrives', everyMs: 200 },
    );
    for (const { socket } of [sender, here, there]) {
      expect(socket.heard('peer-disconnected')).toEqual([]);
    }
  }, 120_000);
});
