import { describe, expect, test } from 'vitest';
import { dueAt, phaseOf } from '../../../../gateway/rooms/fleet/drain.ts';
import { FleetDesk, type NodeAct } from '../../../../gateway/rooms/fleet/fleet-desk.ts';
import type { KnownNode } from '../../../../gateway/rooms/nodes.ts';
import { aRoom, GatewayCore } from '../../../support/gateway/a-gateway-core.ts';
import type { FakeNode } from '../../../support/gateway/fake-node.ts';

const PLAN = { startedAt: 0, deadlineAt: 60_000, spreadMs: 10_000, sessions: 3 };

describe('[NODE-10] a drain', () => {
  test('waits for its deadline, then tells, and is done when nothing is left', () => {
    expect(phaseOf(PLAN, { now: 59_999, left: 3 })).toBe('leaving');
    expect(phaseOf(PLAN, { now: 60_000, left: 3 })).toBe('moving');
    expect(phaseOf(PLAN, { now: 99_999, left: 1 })).toBe('moving');
    expect(phaseOf(PLAN, { now: 1, left: 0 })).toBe('done');
  });

  test('tells sessions one after another, and viewers after their publisher', () => {
    expect(dueAt(PLAN, { lot: 0, kind: 'publish' })).toBe(60_000);
    expect(dueAt(PLAN, { lot: 0.5, kind: 'publish' })).toBe(65_000);
    const last = dueAt(PLAN, { lot: 0.999, kind: 'publish' });
    expect(dueAt(PLAN, { lot: 0, kind: 'watch' })).toBeGreaterThan(last);
  });
});

interface Stage {
  readonly core: GatewayCore;
  readonly desk: FleetDesk;
  readonly first: KnownNode;
  readonly other: FakeNode;
  readonly told: string[];
  /** What it was asked for here. */
  readonly acts: NodeAct[];
  /** So much later, as the interval does. */
  readonly pass: (ms: number) => void;
}

async function stage(sessionsElsewhere = 0): Promise<Stage> {
  const core = new GatewayCore();
  const other = core.addNode('node-b');
  await core.watch.check();
  const told: string[] = [];
  const desk = new FleetDesk({
    ...{ nodes: core.nodes, sessions: core.sessions, now: () => core.clock.now },
    tell: (type, { node }) => void told.push(`${type} ${node.name}`),
    sessionsElsewhere: () => sessionsElsewhere,
  });
  const acts: NodeAct[] = [];
  desk.onAct = (act) => void acts.push(act);
  const [first] = core.nodes.list();
  if (first === undefined) throw new Error('no node');
  const pass = (ms: number): void => {
    core.clock.now += ms;
    desk.tick();
  };
  return { core, desk, first, other, told, acts, pass };
}

describe('[NODE-10] a node that is drained', () => {
  test('takes no new source, lets viewers join, and sends all away over the spread', async () => {
    const { core, desk, first, other, told, pass } = await stage();
    const publisher = await core.publish();
    const viewers = [await core.play(), await core.play()];
    desk.drain(first, { afterMs: 60_000, spreadMs: 10_000 });
    viewers.push(await core.play());
    expect(viewers.map(({ node }) => node)).toEqual(viewers.map(() => core.node));
    expect((await core.publish({ room: aRoom('new') })).node).toBe(other);
    pass(59_000);
    expect(desk.drainOf(first)).toMatchObject({ phase: 'leaving', sessions: 3, left: 4 });
    expect(publisher.ended).toBe(false);
    pass(11_000);
    expect(publisher.state).toMatchObject({ kind: 'ended', reason: 'moved' });
    pass(30_000);
    expect(viewers.every(({ ended }) => ended)).toBe(true);
    expect(desk.drainOf(first)).toMatchObject({ phase: 'done', left: 0 });
    pass(1_000);
    expect(told).toEqual(['node.draining node-a', 'node.drained node-a']);
    desk.close();
  });

  test('sends its publisher away first, and the viewers after it once it is live elsewhere', async () => {
    const { core, desk, first, other, pass } = await stage();
    await core.publish();
    const viewer = await core.play();
    desk.drain(first, { afterMs: 0, spreadMs: 1_000 });
    pass(1_000);
    expect(viewer.ended).toBe(false);
    const back = await core.publish();
    expect(back.node).toBe(other);
    core.sessions.setLive(back);
    await expect.poll(() => viewer.state).toMatchObject({ kind: 'ended', reason: 'moved' });
    desk.close();
  });

  test('of which the drain is called off keeps what it has', async () => {
    const { core, desk, first, pass, told } = await stage();
    const publisher = await core.publish();
    desk.drain(first, { afterMs: 1_000, spreadMs: 0 });
    desk.uncordon(first);
    pass(60_000);
    expect(publisher.ended).toBe(false);
    expect([first.duty, desk.drainOf(first)]).toEqual(['serving', null]);
    expect(told.at(-1)).toBe('node.uncordoned node-a');
    desk.close();
  });

  test('of many viewers never sends away more than a handful at once', async () => {
    const { core, desk, first, pass } = await stage();
    await core.publish();
    const { length } = await Promise.all(Array.from({ length: 60 }, () => core.play()));
    for (const session of core.registry.sessions()) {
      if (session.kind === 'publish') await core.sessions.end(session, 'left');
    }
    desk.drain(first, { afterMs: 0, spreadMs: 30_000 });
    pass(39_000);
    expect(core.registry.load(core.node)).toBe(length);
    let before = core.registry.load(core.node);
    let most = 0;
    for (let at = 0; at < 130; at += 1) {
      pass(250);
      const now = core.registry.load(core.node);
      most = Math.max(most, before - now);
      before = now;
    }
    expect(before).toBe(0);
    expect(most).toBeLessThan(length / 4);
    desk.close();
  });
});

describe('[NODE-11] a node', () => {
  test('that is cordoned takes no new source, and says so once', async () => {
    const { core, desk, first, other, told } = await stage();
    desk.cordon(first);
    desk.cordon(first);
    for (const room of ['one', 'two']) {
      expect((await core.publish({ room: aRoom(room) })).node).toBe(other);
    }
    expect(told).toEqual(['node.cordoned node-a']);
    desk.close();
  });

  test('is not removed while it has sessions, unless forced; then they are told to come again', async () => {
    const { core, desk, first, told } = await stage();
    const session = await core.publish();
    await expect(desk.remove(first, { force: false })).rejects.toMatchObject({ code: 'node-busy' });
    expect(core.nodes.list()).toHaveLength(2);
    await desk.remove(first, { force: true });
    expect(session.state).toMatchObject({ kind: 'ended', reason: 'moved' });
    expect(core.nodes.list().map(({ node }) => node.name)).toEqual(['node-b']);
    expect(core.node.closed).toBe(true);
    expect(told).toEqual(['node.removed node-a']);
    expect(() => desk.find('node-a')).toThrow('no such media server');
  });
});

describe('[CLUSTER-32] a node of several gateways', () => {
  test('is turned as at another one, which is not told again', async () => {
    const { desk, first, told, acts } = await stage();
    expect(desk.follow({ act: 'cordon', node: 'node-a' })).toBe(true);
    expect(first.duty).toBe('cordoned');
    desk.follow({ act: 'drain', node: 'node-a', deadlineAt: 1_070_000, spreadMs: 10_000 });
    expect(desk.drainOf(first)?.deadlineAt).toBe(1_070_000);
    desk.follow({ act: 'uncordon', node: 'node-a' });
    expect(told).toEqual(
      ['cordoned', 'draining', 'drained', 'uncordoned'].map((what) => `node.${what} node-a`),
    );
    expect(desk.follow({ act: 'cordon', node: 'node-z' })).toBe(false);
    expect(acts).toEqual([]);
    desk.cordon(first);
    desk.cordon(first);
    desk.drain(first, { afterMs: 5_000, spreadMs: 0 });
    expect(acts).toEqual([
      { act: 'cordon', node: 'node-a' },
      { act: 'drain', node: 'node-a', deadlineAt: expect.any(Number) as number, spreadMs: 0 },
    ]);
    desk.close();
  });

  test('is not empty while another gateway has sessions there', async () => {
    const { core, desk, first, acts } = await stage(2);
    await core.publish();
    desk.drain(first, { afterMs: 0, spreadMs: 0 });
    expect(desk.drainOf(first)).toMatchObject({ sessions: 3, left: 2, phase: 'moving' });
    await expect(desk.dismiss(first, { force: false })).rejects.toMatchObject({
      code: 'node-busy',
    });
    expect(acts.map(({ act }) => act)).toEqual(['drain']);
    await desk.dismiss(first, { force: true });
    expect(acts.map(({ act }) => act)).toEqual(['drain', 'remove']);
    desk.close();
  });
});
