import { afterEach, describe, expect, test, vi } from 'vitest';
import { NO_LIMITS } from '../../../../gateway/rooms/fleet/node-load.ts';
import type { Session } from '../../../../gateway/rooms/session.ts';
import { aRoom, GatewayCore } from '../../../support/gateway/a-gateway-core.ts';

const VIEWERS = 500;

/** Lots that are alike in each run. */
function lots(core: GatewayCore): void {
  let seed = 1;
  Object.defineProperty(core, 'chance', {
    get: () => {
      seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0;
      return seed / 2 ** 32;
    },
  });
}

async function threeNodes(sessions: number) {
  const core = new GatewayCore({ maxSessions: 5_000, maxViewersPerRoom: 2_000 });
  lots(core);
  core.addNode('node-b');
  core.addNode('node-c');
  await core.watch.check();
  const known = core.nodes.list();
  const [first, ...others] = known;
  if (first === undefined) throw new Error('no node');
  for (const each of others) {
    each.limits = { ...NO_LIMITS, sessions };
    each.duty = 'cordoned';
  }
  /** What was there is at the first node; from now on the others serve too. */
  const open = () => {
    for (const each of others) each.duty = 'serving';
  };
  const loads = () => others.map(({ node }) => core.registry.load(node));
  const watchers = (count: number, room: string) =>
    Promise.all(Array.from({ length: count }, () => core.play({ room: aRoom(room) })));
  return { core, first, others, open, loads, watchers };
}

describe('[NODE-45] 500 viewers whose node dies', { timeout: 60_000 }, () => {
  test('are all at other nodes again, none of which has more than its limit at any time', async () => {
    const { core, open, loads, watchers } = await threeNodes(300);
    const rooms = Array.from({ length: 10 }, (_, index) => `room-${index}`);
    for (const room of rooms) {
      await core.publish({ room: aRoom(room) });
      await watchers(VIEWERS / rooms.length, room);
    }
    open();
    core.node.away = new Error('refused');
    for (let look = 0; look < 4; look += 1) await core.watch.check();
    expect(core.registry.size).toBe(0);
    for (const room of rooms) core.sessions.setLive(await core.publish({ room: aRoom(room) }));
    let most = 0;
    for (let round = 0; round < VIEWERS / rooms.length; round += 1) {
      await Promise.all(rooms.map((room) => core.play({ room: aRoom(room) })));
      most = Math.max(most, ...loads());
    }
    expect(loads().reduce((sum, load) => sum + load, 0)).toBe(VIEWERS + rooms.length);
    expect(most).toBeLessThanOrEqual(300);
    expect(Math.min(...loads())).toBeGreaterThan(150);
  });

  test('of one source are let in up to the limit, and the others are told when to come', async () => {
    const { core, open, loads, watchers } = await threeNodes(300);
    await core.publish();
    await watchers(VIEWERS, 'demo');
    open();
    core.node.away = new Error('refused');
    for (let look = 0; look < 4; look += 1) await core.watch.check();
    core.sessions.setLive(await core.publish());
    const tries = await Promise.allSettled(Array.from({ length: VIEWERS }, () => core.play()));
    const refused = tries.filter((each) => each.status === 'rejected');
    expect(Math.max(...loads())).toBe(300);
    expect(refused).toHaveLength(VIEWERS - 299);
    for (const { reason } of refused) {
      expect(reason).toMatchObject({ code: 'capacity', retryAfterSeconds: 10 });
    }
  });
});

describe('[NODE-46] 500 viewers whose source moved', { timeout: 60_000 }, () => {
  afterEach(() => {
    vi.useRealTimers();
  });

  test('are told over two seconds, some 25 in each tenth of one', async () => {
    const { core, first, open, watchers } = await threeNodes(1_000);
    const publisher = await core.publish();
    const viewers = await watchers(VIEWERS, 'demo');
    open();
    first.duty = 'cordoned';
    vi.useFakeTimers();
    // Its viewers are at the first node, which takes no source any more.
    await core.sessions.end(publisher, 'moved');
    const back = await core.publish();
    expect(back.node).not.toBe(core.node);
    core.sessions.setLive(back);
    const ended = () => viewers.filter((viewer: Session) => viewer.ended).length;
    const steps: number[] = [];
    for (let tenth = 0; tenth < 20; tenth += 1) {
      const before = ended();
      await vi.advanceTimersByTimeAsync(100);
      steps.push(ended() - before);
    }
    expect(ended()).toBe(VIEWERS);
    expect(Math.max(...steps)).toBeLessThanOrEqual(50);
    expect(Math.min(...steps)).toBeGreaterThan(5);
  });
});
