import { describe, expect, test } from 'vitest';
import { LIMITS } from '../../../../gateway/limits/limits.ts';
import { NO_LIMITS } from '../../../../gateway/rooms/fleet/node-load.ts';
import type { Session } from '../../../../gateway/rooms/session.ts';
import { aGrant, aRoom, aSource, GatewayCore } from '../../../support/gateway/a-gateway-core.ts';
import type { FakeNode } from '../../../support/gateway/fake-node.ts';

const SOURCE = { room: aRoom('demo'), source: aSource('main') };

/** A core with further nodes, each of which takes so many sessions. */
async function aFleet(
  sessions: number,
  names: readonly string[] = ['node-b'],
  rules: ConstructorParameters<typeof GatewayCore>[0] = {},
): Promise<{ core: GatewayCore; others: FakeNode[] }> {
  const core = new GatewayCore(rules);
  core.carrying.isOn = true;
  const others = names.map((name) => core.addNode(name));
  await core.watch.check();
  for (const known of core.nodes.list()) known.limits = { ...NO_LIMITS, sessions };
  return { core, others };
}

/** One source at the first node, live, and one viewer beside it: the next one is carried. */
async function aFullOrigin(): Promise<{ core: GatewayCore; other: FakeNode; publisher: Session }> {
  const { core, others } = await aFleet(3);
  const publisher = await core.publish();
  core.sessions.setLive(publisher);
  expect((await core.play()).node).toBe(core.node);
  const [other] = others;
  if (other === undefined) throw new Error('no other node');
  return { core, other, publisher };
}

const clientsAt = (core: GatewayCore, node: FakeNode): number => {
  const known = core.nodes.of(node);
  return known === undefined ? -1 : core.loads.of(known).sessions;
};

describe('[CARRY-01] viewers beyond the capacity of their source’s node', () => {
  test('go to another node, to which the source is carried once', async () => {
    const { core, other } = await aFullOrigin();
    expect((await core.play()).node).toBe(other);
    expect((await core.play()).node).toBe(other);
    expect(core.relays.connected).toEqual(['pull', 'push']);
    expect(core.node.offers.at(-1)).toMatchObject({ kind: 'watch', ...SOURCE });
    expect(other.offers[0]).toMatchObject({ kind: 'publish', ...SOURCE });
    expect([clientsAt(core, core.node), clientsAt(core, other)]).toEqual([3, 3]);
    await expect(core.play()).rejects.toMatchObject({ code: 'capacity' });
  });

  test('that come at once wait for the same carriage', async () => {
    const { core, other } = await aFullOrigin();
    const viewers = await Promise.all([core.play(), core.play()]);
    expect(viewers.map(({ node }) => node)).toEqual([other, other]);
    expect(core.carriages.totals).toEqual({ begun: 1, failed: 0 });
  });

  test('go to a third node when the second is full too, and none has more than its limit', async () => {
    const { core, others } = await aFleet(20, ['node-b', 'node-c']);
    core.sessions.setLive(await core.publish());
    // Of sixty places the publisher and both ends of two carriages take five.
    for (let count = 0; count < 55; count += 1) await core.play();
    const loads = [core.node, ...others].map((node) => clientsAt(core, node));
    expect(loads).toEqual([20, 20, 20]);
    await expect(core.play()).rejects.toMatchObject({ code: 'capacity' });
  });

  test('stay where they fit: nothing is carried without need', async () => {
    const { core } = await aFleet(0);
    for (const known of core.nodes.list()) known.limits = NO_LIMITS;
    await core.publish();
    for (let count = 0; count < 5; count += 1) expect((await core.play()).node).toBe(core.node);
    expect(core.carriages.list()).toEqual([]);
  });

  test('take the last place at the origin where no other node could have the source', async () => {
    const { core } = await aFleet(2, []);
    await core.publish();
    expect((await core.play()).node).toBe(core.node);
    await expect(core.play()).rejects.toMatchObject({ code: 'capacity' });
  });

  test('are refused before anything is carried for them', async () => {
    const { core } = await aFullOrigin();
    await expect(core.play({ offer: 'v=0' })).rejects.toMatchObject({ code: 'sdp-malformed' });
    expect(core.carriages.totals.begun).toBe(0);
  });
});

describe('[CARRY-02] a node of a carriage', () => {
  test('does not draw its viewers home', async () => {
    const { core, other, publisher } = await aFullOrigin();
    const viewer = await core.play();
    core.homecoming.live(publisher);
    expect([viewer.ended, viewer.node]).toEqual([false, other]);
  });

  test('is not one that is away, cordoned, nearly full or without the codec', async () => {
    const blows: ((node: FakeNode, core: GatewayCore) => void)[] = [
      (node, core) => void Object.assign(core.nodes.of(node) ?? {}, { failures: 1 }),
      (node, core) => void Object.assign(core.nodes.of(node) ?? {}, { duty: 'cordoned' }),
      (node, core) =>
        void Object.assign(core.nodes.of(node) ?? {}, { limits: { ...NO_LIMITS, sessions: 1 } }),
      (node) => void (node.codecs = { ...node.codecs, video: ['av1'] }),
    ];
    for (const blow of blows) {
      const { core, other } = await aFullOrigin();
      blow(other, core);
      expect((await core.play()).node).toBe(core.node);
      await expect(core.play()).rejects.toMatchObject({ code: 'capacity' });
      expect(core.carriages.totals.begun).toBe(0);
    }
  });

  test('that cannot take it is not asked again at once', async () => {
    const { core, other } = await aFullOrigin();
    other.failures.push(new Error('no'));
    expect((await core.play()).node).toBe(core.node);
    expect(core.carriages.totals).toEqual({ begun: 1, failed: 1 });
    await expect(core.play()).rejects.toMatchObject({ code: 'capacity' });
    expect(core.carriages.totals.begun).toBe(1);
    expect(core.node.released).toHaveLength(1);
  });

  test('has both of its clients known: neither a hook nor the roll call refuses them', async () => {
    const { core, other } = await aFullOrigin();
    await core.play();
    for (let round = 0; round < 4; round += 1) {
      core.clock.now += 3_000;
      await core.watch.check();
    }
    expect([...core.node.removed, ...other.removed]).toEqual([]);
    const ends = core.carriages.places();
    expect(ends).toHaveLength(2);
    expect(core.admitted.filter(({ as }) => as === 'carriage')).toEqual(
      ends.map((place) => ({ place, as: 'carriage' })),
    );
    const stranger = { ticket: 'x', kind: 'publish', ...SOURCE } as const;
    expect(core.carriages.confirm(stranger, { service: 'run', clientId: 'c' })).toBe(false);
  });
});

describe('[CARRY-03] a carriage ends', () => {
  test('when nobody watched there for a while, and not before', async () => {
    const { core, other } = await aFullOrigin();
    const viewer = await core.play();
    core.carriages.tick();
    core.clock.now += 60_000;
    core.carriages.tick();
    expect(core.carriages.list()).toHaveLength(1);
    await core.sessions.end(viewer, 'client');
    core.carriages.tick();
    core.clock.now += 29_000;
    core.carriages.tick();
    expect(core.carriages.list()).toHaveLength(1);
    core.clock.now += 1_000;
    core.carriages.tick();
    await expect.poll(() => other.listed.size).toBe(0);
    expect(core.carriages.list()).toEqual([]);
    expect([clientsAt(core, core.node), clientsAt(core, other)]).toEqual([2, 0]);
    expect(core.relays.running.size).toBe(0);
  });

  test.each([
    ['its relay does', (core: GatewayCore) => core.relays.break()],
    [
      'its node says that the client left',
      (core: GatewayCore, other: FakeNode) => {
        const [clientId = ''] = other.listed.keys();
        const hook = {
          event: 'unpublish',
          service: other.service,
          clientId,
          ticket: null,
        } as const;
        core.hookDesk.handle({ ...hook, room: 'demo', source: 'main' });
      },
    ],
  ])('when %s, and its viewers are told to come again', async (_why, blow) => {
    const { core, other } = await aFullOrigin();
    const viewer = await core.play();
    blow(core, other);
    await expect.poll(() => viewer.state).toMatchObject({ kind: 'ended', reason: 'moved' });
    expect((await core.play()).node).toBe(other);
    expect(core.carriages.totals.begun).toBe(2);
  });

  test('when its target is lost or started anew, and its viewers go to another', async () => {
    for (const blow of ['lost', 'anew'] as const) {
      const { core, other } = await aFullOrigin();
      const viewer = await core.play();
      if (blow === 'anew') other.service = 'run-2';
      else other.away = new Error('refused');
      for (let round = 0; round < 4; round += 1) await core.watch.check();
      expect(viewer.state).toMatchObject({ kind: 'ended', reason: 'node-lost' });
      expect(core.carriages.list()).toEqual([]);
      expect(other.released).toEqual([]);
    }
  });

  test('when its origin is lost', async () => {
    const { core, other } = await aFullOrigin();
    await core.play();
    core.node.away = new Error('refused');
    for (let round = 0; round < 4; round += 1) await core.watch.check();
    await expect.poll(() => other.released).toHaveLength(1);
    expect(core.carriages.list()).toEqual([]);
  });

  test('when its publisher stays away, but not when that is replaced', async () => {
    const { core, publisher } = await aFullOrigin();
    await core.play();
    for (const known of core.nodes.list()) known.limits = { ...NO_LIMITS, sessions: 10 };
    const next = await core.publish();
    core.sessions.setLive(next);
    core.carriages.tick();
    expect([core.carriages.list().length, publisher.ended]).toEqual([1, true]);
    await core.sessions.end(next, 'client');
    core.carriages.tick();
    core.clock.now += 10_000;
    core.carriages.tick();
    expect(core.carriages.list()).toEqual([]);
  });

  test('when its publisher comes back with another codec', async () => {
    const { core } = await aFullOrigin();
    await core.play();
    const next = await core.publish();
    if (next.media === null) throw new Error('no media');
    next.media = { ...next.media, video: 'av1' };
    core.sessions.setLive(next);
    expect(core.carriages.list()).toEqual([]);
  });

  test('at once at a node that is drained, when its last viewer has gone', async () => {
    const { core, other } = await aFullOrigin();
    const viewer = await core.play();
    Object.assign(core.nodes.of(other) ?? {}, { duty: 'draining' });
    core.carriages.tick();
    expect(core.carriages.list()).toHaveLength(1);
    await core.sessions.end(viewer, 'moved');
    core.carriages.tick();
    expect(core.carriages.list()).toEqual([]);
  });

  test('with the gateway, and no other begins', async () => {
    const { core, other } = await aFullOrigin();
    await core.play();
    await core.carriages.close();
    expect(other.released).toHaveLength(1);
    expect(core.carriages.isNeeded(SOURCE)).toBe(false);
  });
});

test('[CARRY-04] there are no more carriages than the limit says', async () => {
  const { core } = await aFleet(1_000, ['node-b'], { maxSessions: 1_000 });
  const [first, second] = core.nodes.list();
  if (first === undefined || second === undefined) throw new Error('no node');
  for (let count = 0; count <= LIMITS.carriages; count += 1) {
    const room = aRoom(`room-${count}`);
    second.duty = 'cordoned';
    await core.publish({ room, grant: aGrant({ subject: `sub-${count}` }) });
    second.duty = 'serving';
  }
  for (let count = 0; count <= LIMITS.carriages; count += 1) {
    const taken = core.loads.of(first).sessions;
    first.limits = { ...NO_LIMITS, sessions: taken + 1 };
    const viewer = await core.play({ room: aRoom(`room-${count}`) });
    expect(viewer.node).toBe(count < LIMITS.carriages ? second.node : first.node);
  }
});
