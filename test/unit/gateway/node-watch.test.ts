import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { aCore, GatewayCore } from '../../support/gateway/a-gateway-core.ts';
import { FakeNode } from '../../support/gateway/fake-node.ts';

/** One look of the watch, so much later. */
async function look(core: GatewayCore, laterMs: number): Promise<void> {
  core.clock.now += laterMs;
  await core.watch.check();
}

describe('a node', () => {
  test('is healthy when it says who it is, and not after one failure', async () => {
    const core = await aCore();
    expect(core.nodes.healthy()).toHaveLength(1);
    core.node.away = new Error('refused');
    await look(core, 500);
    expect(core.nodes.healthy()).toHaveLength(0);
    expect(core.nodes.list()[0]?.detail).toBe('refused');
    core.node.away = undefined;
    await look(core, 500);
    expect(core.nodes.healthy()).toHaveLength(1);
  });

  test('that restarted has lost its sessions', async () => {
    const core = await aCore();
    await core.publish();
    core.node.service = 'run-2';
    await look(core, 500);
    expect(core.events.at(-1)).toBe('ended publish node-lost');
    expect(core.node.released).toEqual([]);
  });

  test('that is away for four looks has lost its sessions, for three it has not', async () => {
    const core = await aCore();
    await core.publish();
    core.node.away = new Error('refused');
    for (let times = 0; times < 3; times += 1) await look(core, 500);
    expect(core.registry.size).toBe(1);
    await look(core, 500);
    expect(core.events.at(-1)).toBe('ended publish node-lost');
  });

  test('is looked at once at a time', async () => {
    const core = await aCore();
    expect(core.watch.check()).toBe(core.watch.check());
    await core.watch.close();
  });
});

describe('a session', () => {
  test('is live when the node says that media flows', async () => {
    const core = await aCore();
    const session = await core.publish();
    await look(core, 500);
    expect(session.state.kind).toBe('connecting');
    core.node.activate(session.place?.clientId ?? '');
    await look(core, 500);
    expect(session.state.kind).toBe('live');
  });

  test('that the node lists no more has left, but not in its first two seconds', async () => {
    const core = await aCore();
    await core.publish();
    core.node.listed.clear();
    await look(core, 1000);
    expect(core.registry.size).toBe(1);
    await look(core, 2500);
    expect(core.events.at(-1)).toBe('ended publish left');
  });

  test('to publish that never connects is removed after 15 s', async () => {
    const core = await aCore();
    await core.publish();
    await look(core, 14_000);
    expect(core.registry.size).toBe(1);
    await look(core, 2000);
    expect(core.events.at(-1)).toBe('ended publish never-connected');
    expect(core.node.released).toEqual(['node-a-client-1']);
  });

  test('to watch may wait as long as it likes', async () => {
    const core = await aCore();
    core.node.activate((await core.publish()).place?.clientId ?? '');
    await core.play();
    await look(core, 60_000);
    expect(core.registry.count('watch', 'webrtc')).toBe(1);
  });

  test('whose offer is under way is left alone', async () => {
    const core = await aCore();
    const gate = Promise.withResolvers<undefined>();
    core.node.gate = gate.promise;
    const opening = core.open();
    await look(core, 60_000);
    gate.resolve(undefined);
    await opening;
    expect(core.events).toEqual(['opened publish']);
  });
});

describe('an orphan', () => {
  const orphan = {
    clientId: 'stranger',
    kind: 'publish',
    path: 'demo/main',
    active: true,
    layers: [],
  } as const;

  test('is removed when it was seen twice', async () => {
    const core = await aCore();
    core.node.listed.set('stranger', orphan);
    await look(core, 3000);
    expect(core.node.removed).toEqual([]);
    await look(core, 3000);
    expect(core.node.removed).toEqual(['stranger']);
  });

  test('seen, gone and seen again is not yet one', async () => {
    const core = await aCore();
    core.node.listed.set('stranger', orphan);
    await look(core, 3000);
    core.node.listed.clear();
    await look(core, 3000);
    core.node.listed.set('stranger', orphan);
    await look(core, 3000);
    expect(core.node.removed).toEqual([]);
  });

  test('never is a session of ours', async () => {
    const core = await aCore();
    const session = await core.publish();
    core.node.activate(session.place?.clientId ?? '');
    for (let times = 0; times < 4; times += 1) await look(core, 3000);
    expect(core.node.removed).toEqual([]);
  });
});

test('lists are asked for every 3 s, twice a second while a publisher connects', async () => {
  const core = await aCore();
  let asked = 0;
  const clients = core.node.clients.bind(core.node);
  core.node.clients = () => {
    asked += 1;
    return clients();
  };
  for (let times = 0; times < 6; times += 1) await look(core, 500);
  expect(asked).toBe(1);
  const session = await core.publish();
  for (let times = 0; times < 4; times += 1) await look(core, 500);
  expect(asked).toBe(5);
  core.node.activate(session.place?.clientId ?? '');
  await look(core, 500);
  for (let times = 0; times < 4; times += 1) await look(core, 500);
  expect(asked).toBe(6);
});

describe('[NODE-60] a node that refuses connections', () => {
  const refused = new Error('It is not reachable.', {
    cause: Object.assign(new Error('connect'), { code: 'ECONNREFUSED' }),
  });

  test('is asked again soon, and given up without another look of the watch', async () => {
    const core = await aCore();
    await core.publish();
    core.node.away = refused;
    await look(core, 500);
    expect(core.events.at(-1)).toBe('opened publish');
    await expect
      .poll(() => core.events.at(-1), { timeout: 10_000 })
      .toBe('ended publish node-lost');
    expect(core.lost).toEqual(['node-a']);
    await core.watch.close();
  });

  test('and is back at one of these has lost nothing', async () => {
    const core = await aCore();
    await core.publish();
    core.node.away = refused;
    await look(core, 500);
    core.node.away = undefined;
    await expect.poll(() => core.nodes.healthy().length, { timeout: 10_000 }).toBe(1);
    expect(core.events).toEqual(['opened publish']);
    await core.watch.close();
  });

  test('is asked no more once the watch is closed', async () => {
    vi.useFakeTimers();
    onTestFinished(() => void vi.useRealTimers());
    const core = await aCore();
    core.node.away = refused;
    await look(core, 500);
    await core.watch.close();
    let asked = 0;
    core.node.identify = () => Promise.reject(new Error(`asked ${(asked += 1)} times`));
    await vi.advanceTimersByTimeAsync(1_000);
    expect(asked).toBe(0);
  });
});

describe('[NODE-04] a node that hangs', () => {
  /** Two nodes, the first of which answers no more. */
  async function hanging(): Promise<GatewayCore> {
    const core = new GatewayCore();
    core.addNode('node-b');
    await core.watch.check();
    await core.publish();
    core.node.identify = () => Promise.withResolvers<never>().promise;
    return core;
  }

  /** What the interval of the watch does, and the looks that it began. */
  async function tick(core: GatewayCore): Promise<void> {
    core.clock.now += 500;
    core.watch.tick();
    await new Promise(setImmediate);
  }

  test('is given up at the third look that finds it without an answer', async () => {
    const core = await hanging();
    for (let times = 0; times < 3; times += 1) await tick(core);
    expect(core.events.at(-1)).toBe('opened publish');
    await tick(core);
    expect(core.events.at(-1)).toBe('ended publish node-lost');
    expect(core.lost).toEqual(['node-a']);
    expect(core.nodes.healthy().map(({ node }) => node.name)).toEqual(['node-b']);
    for (let times = 0; times < 5; times += 1) await tick(core);
    expect(core.lost).toEqual(['node-a']);
  });

  test('does not keep the others from being looked at', async () => {
    const core = await hanging();
    const other = core.nodes.named('node-b');
    for (let times = 0; times < 4; times += 1) await tick(core);
    const { node } = other ?? {};
    (node as FakeNode).away = new Error('refused');
    await tick(core);
    expect(other?.detail).toBe('refused');
  });

  test('keeps its sessions where nobody else could take them', async () => {
    const core = await aCore();
    await core.publish();
    core.node.identify = () => Promise.withResolvers<never>().promise;
    for (let times = 0; times < 10; times += 1) await tick(core);
    expect(core.events).toEqual(['opened publish']);
  });

  test('is not thought to hang while its list of clients is long', async () => {
    const core = await hanging();
    core.node.identify = FakeNode.prototype.identify.bind(core.node);
    core.node.clients = () => Promise.withResolvers<never>().promise;
    for (let times = 0; times < 10; times += 1) await tick(core);
    expect(core.events).toEqual(['opened publish']);
    expect(core.nodes.healthy()).toHaveLength(2);
  });
});
