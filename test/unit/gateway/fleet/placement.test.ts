import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { NO_LIMITS } from '../../../../gateway/rooms/fleet/node-load.ts';
import type { KnownNode } from '../../../../gateway/rooms/nodes.ts';
import { aCore, aGrant, aRoom, GatewayCore } from '../../../support/gateway/a-gateway-core.ts';
import type { FakeNode } from '../../../support/gateway/fake-node.ts';

/** A core with two nodes that have said who they are. */
async function twoNodes(): Promise<{ core: GatewayCore; other: FakeNode; known: KnownNode[] }> {
  const core = new GatewayCore();
  const other = core.addNode('node-b');
  await core.watch.check();
  return { core, other, known: [...core.nodes.list()] };
}

const limited = (core: GatewayCore, sessions: number): void => {
  for (const known of core.nodes.list()) known.limits = { ...NO_LIMITS, sessions };
};

describe('[NODE-07] a new source', () => {
  test('goes to the node with fewer sessions, as long as figures are alike', async () => {
    const { core, other } = await twoNodes();
    await core.publish({ room: aRoom('one') });
    const second = await core.publish({ room: aRoom('two') });
    expect(second.node).toBe(other);
  });

  test('goes to the node that has more free by its own word', async () => {
    const { core, other, known } = await twoNodes();
    for (const each of known) {
      const cpuShare = each.node === other ? 0.1 : 0.7;
      core.loads.note(each, { ...other.told, cpuShare }, 0);
    }
    for (const room of ['one', 'two', 'three']) {
      expect((await core.publish({ room: aRoom(room) })).node).toBe(other);
    }
  });

  test('[NODE-40] goes last to a node that let no trial in, twice, and never to one that is held', async () => {
    const { core, other, known } = await twoNodes();
    const [first, second] = known;
    if (first === undefined || second === undefined) throw new Error('no node');
    first.trialFailures = 2;
    for (const room of ['one', 'two', 'three']) {
      expect((await core.publish({ room: aRoom(room) })).node).toBe(other);
    }
    second.hold = 'No heartbeat.';
    expect((await core.publish({ room: aRoom('four') })).node).toBe(core.node);
    first.hold = 'No heartbeat.';
    await expect(core.publish({ room: aRoom('five') })).rejects.toMatchObject({
      code: 'node-unavailable',
    });
  });

  test('goes to no node that is away, or late while another is not', async () => {
    const { core, other, known } = await twoNodes();
    const [first] = known;
    if (first === undefined) throw new Error('no node');
    first.late = 1;
    for (const room of ['one', 'two']) {
      expect((await core.publish({ room: aRoom(room) })).node).toBe(other);
    }
    other.away = new Error('refused');
    await core.watch.check();
    first.late = 1;
    expect((await core.publish({ room: aRoom('three') })).node).toBe(core.node);
  });

  test('that comes again goes where its viewers are', async () => {
    const { core } = await twoNodes();
    await core.publish();
    await core.play();
    await core.play();
    for (let times = 0; times < 3; times += 1) {
      expect((await core.publish()).node).toBe(core.node);
    }
  });

  test('is refused with 503 and a time when all are full', async () => {
    const { core } = await twoNodes();
    limited(core, 1);
    await core.publish({ room: aRoom('one') });
    await core.publish({ room: aRoom('two') });
    await expect(core.publish({ room: aRoom('three') })).rejects.toMatchObject({
      code: 'capacity',
      retryAfterSeconds: 10,
    });
  });
});

describe('[NODE-08] a viewer', () => {
  test('goes where its source is, whatever is free elsewhere', async () => {
    const { core } = await twoNodes();
    const { node } = await core.publish();
    for (let times = 0; times < 5; times += 1) expect((await core.play()).node).toBe(node);
  });

  test('is refused with 503 and a time when that node is full', async () => {
    const { core } = await twoNodes();
    await core.publish();
    await core.play();
    limited(core, 2);
    await expect(core.play()).rejects.toMatchObject({ code: 'capacity', retryAfterSeconds: 10 });
  });
});

describe('[NODE-09] viewers of a source that is live at another node', () => {
  test('are told to come again, and those in place are left alone', async () => {
    const { core, other, known } = await twoNodes();
    await core.publish();
    const viewers = [await core.play(), await core.play()];
    const [first] = known;
    if (first === undefined) throw new Error('no node');
    first.duty = 'cordoned';
    const moved = await core.publish();
    expect(moved.node).toBe(other);
    const there = await core.play();
    expect(there.node).toBe(other);
    core.sessions.setLive(moved);
    await expect
      .poll(() => viewers.map(({ state }) => state))
      .toEqual(viewers.map(() => ({ kind: 'ended', reason: 'moved', liveAt: null })));
    expect(there.ended).toBe(false);
  });

  test('stay when it went back before their turn came', async () => {
    const { core, known } = await twoNodes();
    await core.publish();
    const viewer = await core.play();
    const [first] = known;
    if (first === undefined) throw new Error('no node');
    first.duty = 'cordoned';
    vi.useFakeTimers();
    onTestFinished(() => void vi.useRealTimers());
    core.sessions.setLive(await core.publish());
    first.duty = 'serving';
    const back = await core.publish();
    expect(back.node).toBe(core.node);
    core.sessions.setLive(back);
    await vi.advanceTimersByTimeAsync(20_000);
    expect(viewer.ended).toBe(false);
  });
});

test('[NODE-04] an offer that is under way when its node is lost ends at once, and is taken back late', async () => {
  const core = await aCore();
  const gate = Promise.withResolvers<undefined>();
  core.node.gate = gate.promise;
  const opening = core.open({ grant: aGrant() });
  await Promise.resolve();
  const [session] = core.registry.sessions();
  if (session === undefined) throw new Error('no session');
  void core.sessions.end(session, 'node-lost');
  await expect(opening).rejects.toMatchObject({ code: 'node-unavailable', retryAfterSeconds: 2 });
  gate.resolve(undefined);
  await expect.poll(() => core.node.released.length + core.node.removed.length).toBeGreaterThan(0);
});
