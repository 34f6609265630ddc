import { describe, expect, test } from 'vitest';
import type { NodeSettings } from '../../../../gateway/config/node-settings.ts';
import { Roster } from '../../../../gateway/nodes/roster.ts';
import { FleetDesk } from '../../../../gateway/rooms/fleet/fleet-desk.ts';
import { nameOf } from '../../../../gateway/rooms/nodes.ts';
import { GatewayCore } from '../../../support/gateway/a-gateway-core.ts';
import { FakeNode } from '../../../support/gateway/fake-node.ts';

const at = (host: string, more: Partial<NodeSettings> = {}): NodeSettings => ({
  apiUrl: `http://${host}:1985`,
  signallingUrl: `http://${host}:1985`,
  user: undefined,
  password: undefined,
  ...more,
});

function stage({ most = 64 } = {}) {
  const core = new GatewayCore();
  const told: string[] = [];
  const made: FakeNode[] = [];
  const roster = new Roster({
    nodes: core.nodes,
    most,
    make: ({ apiUrl, limits }, origin) => {
      const node = new FakeNode(nameOf(apiUrl), `run-of-${apiUrl}`);
      core.answerHooksOf(node);
      made.push(node);
      return core.nodes.add(node, { apiUrl, origin, ...(limits === undefined ? {} : { limits }) });
    },
  });
  const desk = new FleetDesk({
    ...{ nodes: core.nodes, sessions: core.sessions, now: () => core.clock.now },
    tell: (type, { node }) => void told.push(`${type} ${node.name}`),
    onDrained: (known) => roster.drained(known),
    onRemoved: (known) => roster.removed(known),
  });
  roster.use(desk);
  const names = () => core.nodes.list().map(({ node }) => node.name);
  const pass = async (ms: number): Promise<void> => {
    core.clock.now += ms;
    desk.tick();
    await Promise.resolve();
  };
  return { core, roster, desk, told, made, names, pass };
}

describe('[NODE-30] a server is known once, by whoever told of it first', () => {
  test('and no other origin takes its name', () => {
    const { roster, names, told } = stage();
    roster.add('file', at('a'));
    expect(() => roster.add('heartbeat', at('a'))).toThrow(/known already \(file\)/);
    expect(() => roster.add('file', at('a'))).toThrow(/known already/);
    expect(names()).toEqual(['node-a', 'a:1985']);
    expect(told).toEqual(['node.added a:1985']);
  });

  test('and there are no more than so many', () => {
    const { roster } = stage({ most: 2 });
    roster.add('api', at('a'));
    expect(() => roster.add('api', at('b'))).toThrow(/2 media servers already/);
  });

  test('and all of them may call hooks', () => {
    const { roster } = stage();
    roster.add('docker', at('203.0.113.9'));
    expect(roster.apiUrls()).toContain('http://203.0.113.9:1985');
  });
});

describe('[NODE-31] a whole list of an origin', () => {
  test('brings what is new and changes limits, and touches nothing of others', () => {
    const { core, roster, names } = stage();
    roster.add('api', at('x'));
    const limits = { sessions: 7, cpuShare: null, bitrate: null };
    expect(roster.follow('file', [at('a'), at('x')])).toEqual({
      added: ['a:1985'],
      leaving: [],
      refused: [{ node: 'x:1985', why: expect.stringContaining('known already (api)') as string }],
    });
    expect(roster.follow('file', [at('a', { limits })])).toEqual({
      ...{ added: [], leaving: [], refused: [] },
    });
    expect(core.nodes.named('a:1985')?.limits).toEqual(limits);
    expect(names()).toEqual(['node-a', 'x:1985', 'a:1985']);
  });

  test('sends away what is missing: no new source, its sessions over time, then forgotten', async () => {
    const { core, roster, names, told, made, pass } = stage();
    roster.follow('file', [at('a')]);
    await core.watch.check();
    const [first] = core.nodes.list();
    if (first !== undefined) first.duty = 'cordoned';
    const publisher = await core.publish();
    expect(publisher.node?.name).toBe('a:1985');
    expect(roster.follow('file', []).leaving).toEqual(['a:1985']);
    await pass(599_000);
    expect([publisher.ended, names().length]).toEqual([false, 2]);
    await pass(11_001);
    await expect.poll(() => names()).toEqual(['node-a']);
    expect(publisher.state).toMatchObject({ kind: 'ended', reason: 'moved' });
    expect(made[0]?.closed).toBe(true);
    expect(told).toEqual(
      ['added', 'draining', 'drained', 'removed'].map((t) => `node.${t} a:1985`),
    );
  });

  test('that has it again before it is empty lets it stay', async () => {
    const { core, roster, names, pass } = stage();
    roster.follow('file', [at('a')]);
    await core.watch.check();
    const [first, known] = core.nodes.list();
    if (first !== undefined) first.duty = 'cordoned';
    await core.publish();
    roster.follow('file', []);
    expect(known?.duty).toBe('draining');
    expect(roster.follow('file', [at('a')]).added).toEqual(['a:1985']);
    expect(known?.duty).toBe('serving');
    await pass(700_000);
    expect(names()).toEqual(['node-a', 'a:1985']);
  });

  test('forgets at once what has nothing', async () => {
    const { roster, names } = stage();
    roster.follow('file', [at('a')]);
    roster.follow('file', []);
    await expect.poll(() => names()).toEqual(['node-a']);
    expect(roster.follow('file', [at('a')]).added).toEqual(['a:1985']);
  });
});

describe('[NODE-32] what an operator removed', () => {
  test('comes back by an operator alone, or when its origin lets go of it first', async () => {
    const { roster, desk, names } = stage();
    await desk.remove(roster.add('heartbeat', at('a')), { force: false });
    await desk.remove(roster.add('file', at('b')), { force: false });
    expect(() => roster.add('heartbeat', at('a'))).toThrow(/removed by an operator/);
    expect(roster.follow('file', [at('b')]).refused).toHaveLength(1);
    roster.follow('file', []);
    expect(roster.follow('file', [at('b')]).added).toEqual(['b:1985']);
    roster.add('api', at('a'));
    expect(names()).toEqual(['node-a', 'b:1985', 'a:1985']);
  });
});
