import { pino } from 'pino';
import { describe, expect, test } from 'vitest';
import type { NodeSettings } from '../../../../gateway/config/node-settings.ts';
import { GatewayError } from '../../../../gateway/errors.ts';
import { readHeartbeat } from '../../../../gateway/media/srs/heartbeat.ts';
import { heartbeatAddress } from '../../../../gateway/nodes/heartbeat-address.ts';
import { Heartbeats } from '../../../../gateway/nodes/heartbeats.ts';
import { Roster } from '../../../../gateway/nodes/roster.ts';
import { FleetDesk } from '../../../../gateway/rooms/fleet/fleet-desk.ts';
import { nameOf } from '../../../../gateway/rooms/nodes.ts';
import { aRoom, GatewayCore } from '../../../support/gateway/a-gateway-core.ts';
import { FakeNode } from '../../../support/gateway/fake-node.ts';
import { RECORDED } from '../../../support/gateway/srs-heartbeats.ts';

const codeOf = (run: () => unknown): string => {
  try {
    run();
  } catch (error) {
    if (error instanceof GatewayError) return error.code;
    throw error;
  }
  return 'none';
};

describe('[NODE-33] the API of a heartbeat is where it came from', () => {
  test.each([
    ['1985', '10.0.0.5', 'http://10.0.0.5:1985'],
    ['1985', '::ffff:10.0.0.5', 'http://10.0.0.5:1985'],
    ['0.0.0.0:1985', '10.0.0.5', 'http://10.0.0.5:1985'],
    ['[::]:1985', '10.0.0.5', 'http://10.0.0.5:1985'],
    ['tcp://10.0.0.5:1985', '10.0.0.5', 'http://10.0.0.5:1985'],
    ['1985', 'fd00::5', 'http://[fd00::5]:1985'],
    ['[FD00:0::5]:1985', 'fd00::5', 'http://[fd00::5]:1985'],
    ['127.0.0.1:1985', '::1', 'http://127.0.0.1:1985'],
  ])('%s from %s: %s', (api, sender, url) => {
    expect(heartbeatAddress(api, sender)).toBe(url);
  });

  test.each([
    ['10.0.0.6:1985', '10.0.0.5'],
    ['127.0.0.1:1985', '10.0.0.5'],
    ['169.254.169.254:80', '10.0.0.5'],
    ['10.0.0.5:1985', '127.0.0.1'],
    ['[::ffff:7f00:1]:1985', '10.0.0.5'],
  ])('%s from %s speaks for another', (api, sender) => {
    expect(codeOf(() => heartbeatAddress(api, sender))).toBe('scope-insufficient');
  });

  test.each([
    ...['', '0', '65536', '1985/x', 'a@b:1985', 'http://10.0.0.5:1985/path', '1985#', '1e3'],
    ...['gateway:1985', '10.0.0.5@evil:1985', ':::1985', '10.0.0.5', '[]:1', '-1', '1 985'],
  ])('"%s" is none', (api) => {
    expect(codeOf(() => heartbeatAddress(api, '10.0.0.5'))).toBe('bad-request');
  });
});

describe('[NODE-34] a recorded heartbeat of SRS 6.0.157', () => {
  test('is read', () => {
    expect(readHeartbeat(RECORDED.barePort)).toEqual({ service: '9q56w8a6', api: '21985' });
    expect(readHeartbeat(RECORDED.withAddress).api).toBe('127.0.0.1:21986');
  });

  test('without ports says what to set', () => {
    expect(() => readHeartbeat(RECORDED.withoutPorts)).toThrow(/ports on/);
  });

  test.each([null, [], 'x', {}, { server: 'a' }, { ...RECORDED.barePort, api: [1985] }])(
    'and %o is none',
    (body) => {
      expect(codeOf(() => readHeartbeat(body))).toBe('bad-request');
    },
  );
});

function stage() {
  const core = new GatewayCore();
  const answering = new Map<string, FakeNode>();
  const roster = new Roster({
    nodes: core.nodes,
    most: 64,
    make: ({ apiUrl }, origin) => {
      const node = answering.get(nameOf(apiUrl)) ?? new FakeNode(nameOf(apiUrl), 'nobody');
      core.answerHooksOf(node);
      return core.nodes.add(node, { apiUrl, origin });
    },
  });
  const desk = new FleetDesk({
    ...{ nodes: core.nodes, sessions: core.sessions, now: () => core.clock.now },
    tell: () => undefined,
    onDrained: (known) => roster.drained(known),
    onRemoved: (known) => roster.removed(known),
  });
  roster.use(desk);
  const asked: NodeSettings[] = [];
  const heartbeats = new Heartbeats({
    ...{ nodes: core.nodes, roster, log: pino({ level: 'silent' }), now: () => core.clock.now },
    settingsOf: (apiUrl) => ({
      ...{ apiUrl, signallingUrl: apiUrl, user: undefined, password: undefined },
    }),
    identify: async (settings) => {
      asked.push(settings);
      const node = answering.get(nameOf(settings.apiUrl));
      if (node === undefined) throw new GatewayError('node-unavailable', 'Nobody is there.');
      return await node.identify();
    },
  });
  /** A server answers at an address, as the run of a service. */
  const serve = (name: string, service: string): FakeNode => {
    const node = new FakeNode(name, service);
    answering.set(name, node);
    return node;
  };
  const beat = (service: string, sender: string, api = '1985') =>
    heartbeats.beat({ service, api }, sender);
  const pass = (ms: number): void => {
    core.clock.now += ms;
    heartbeats.tick();
  };
  const names = () => core.nodes.list().map(({ node }) => node.name);
  return { core, roster, desk, heartbeats, asked, serve, beat, pass, names };
}

describe('[NODE-35] a server that makes itself known', () => {
  test('is asked who it is, and taken when it is the one that called', async () => {
    const { core, serve, beat, names, asked } = stage();
    serve('10.0.0.5:1985', 'run-a');
    await beat('run-a', '10.0.0.5');
    await core.watch.check();
    expect(names()).toEqual(['node-a', '10.0.0.5:1985']);
    expect(core.nodes.list()[1]).toMatchObject({ origin: 'heartbeat', hold: null });
    await beat('run-a', '10.0.0.5');
    expect(asked).toHaveLength(1);
  });

  test('is not taken when another one answers there, or nobody', async () => {
    const { serve, beat, names } = stage();
    serve('10.0.0.5:1985', 'run-a');
    await expect(beat('run-b', '10.0.0.5')).rejects.toMatchObject({ code: 'scope-insufficient' });
    await expect(beat('run-c', '10.0.0.6')).rejects.toMatchObject({ code: 'node-unavailable' });
    expect(names()).toEqual(['node-a']);
  });

  test('does not come a second time at another address, or as another of that address', async () => {
    const { core, serve, beat, names } = stage();
    serve('10.0.0.5:1985', 'run-a');
    await beat('run-a', '10.0.0.5');
    await core.watch.check();
    for (const [service, sender] of [
      ['run-a', '10.0.0.6'],
      ['run-x', '10.0.0.5'],
    ] as const) {
      await expect(beat(service, sender)).rejects.toMatchObject({ code: 'scope-insufficient' });
    }
    expect(names()).toHaveLength(2);
  });

  test('is the one that is known by its settings already, by another name', async () => {
    const { core, beat, names, asked } = stage();
    await core.watch.check();
    await beat('run-1', '10.0.0.5');
    expect([names(), asked]).toEqual([['node-a'], []]);
  });

  test('and was removed by an operator stays away', async () => {
    const { core, desk, serve, beat, names } = stage();
    serve('10.0.0.5:1985', 'run-a');
    await beat('run-a', '10.0.0.5');
    const [, known] = core.nodes.list();
    if (known !== undefined) await desk.remove(known, { force: false });
    await expect(beat('run-a', '10.0.0.5')).rejects.toMatchObject({ code: 'name-taken' });
    expect(names()).toEqual(['node-a']);
  });

  test('costs no more than eight questions at once', async () => {
    const { serve, beat, heartbeats, core } = stage();
    const gate = Promise.withResolvers<never>();
    for (let host = 1; host <= 9; host += 1) {
      serve(`10.0.0.${host}:1985`, `run-${host}`).identify = () => gate.promise;
    }
    const first = Array.from({ length: 8 }, (_, host) =>
      beat(`run-${host + 1}`, `10.0.0.${host + 1}`),
    );
    await expect(beat('run-9', '10.0.0.9')).rejects.toMatchObject({ code: 'rate-limited' });
    await expect(beat('run-1', '10.0.0.1')).rejects.toMatchObject({ code: 'rate-limited' });
    gate.reject(new GatewayError('node-unavailable', 'It is away.'));
    await Promise.allSettled(first);
    expect(core.nodes.list()).toHaveLength(1);
    heartbeats.close();
  });
});

describe('[NODE-36] a server whose heartbeat stops', () => {
  async function known() {
    const it = stage();
    const node = it.serve('10.0.0.5:1985', 'run-a');
    await it.beat('run-a', '10.0.0.5');
    await it.core.watch.check();
    const [first, second] = it.core.nodes.list();
    if (first === undefined || second === undefined) throw new Error('no node');
    first.duty = 'cordoned';
    return { ...it, node, known: second };
  }

  test('takes no new source after 30 s, keeps what it has, and takes sources when it comes again', async () => {
    const { core, beat, pass, known: it, names } = await known();
    pass(29_999);
    const publisher = await core.publish();
    expect(publisher.node).toBe(it.node);
    pass(1);
    expect(it.hold).toMatch(/No heartbeat of it came for 30 s/);
    await expect(core.publish({ room: aRoom('new') })).rejects.toMatchObject({
      code: 'node-unavailable',
    });
    expect((await core.play()).node).toBe(it.node);
    pass(600_000);
    expect([publisher.ended, names().length]).toEqual([false, 2]);
    await beat('run-a', '10.0.0.5');
    expect(it.hold).toBeNull();
    expect((await core.publish({ room: aRoom('new') })).node).toBe(it.node);
  });

  test('is forgotten after 300 s when its API is silent too, and known again when it is back', async () => {
    const { core, serve, beat, pass, names, node, known: it } = await known();
    node.away = new Error('refused');
    await core.watch.check();
    pass(299_999);
    expect(names()).toContain('10.0.0.5:1985');
    pass(1);
    await expect.poll(names).toEqual(['node-a']);
    expect([node.closed, it.duty]).toEqual([true, 'draining']);
    serve('10.0.0.5:1985', 'run-b');
    await beat('run-b', '10.0.0.5');
    expect(names()).toEqual(['node-a', '10.0.0.5:1985']);
  });
});
