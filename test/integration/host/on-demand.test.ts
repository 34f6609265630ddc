import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import { Agent, type AgentOptions } from '../../../host-publisher/agent.ts';
import type { HostView } from '../../../gateway/protocol/host.ts';
import { aToken, anAdminToken } from '../../support/gateway/a-token.ts';
import { openEngineGateway, sessionsOf } from '../../support/gateway/engine-gateway.ts';
import type { GatewayUnderTest } from '../../support/gateway/start-gateway.ts';
import { aPlan } from '../../support/host/a-plan.ts';
import { NO_CONTROL } from '../../support/host/no-control.ts';
import { isAlive } from '../../support/host/host-process.ts';
import { waitFor } from '../../support/wait-for.ts';

const HOST_TOKEN = aToken({ sub: 'host', can: ['publish', 'host'] });
const OTHER_TOKEN = aToken({ sub: 'other', can: ['publish', 'host'] });
const PUBLISH_TOKEN = aToken({ can: ['publish'] });

const startAgent = (gateway: GatewayUnderTest, more: Partial<AgentOptions> = {}) => {
  const lines: string[] = [];
  const pids: number[] = [];
  const agent = new Agent({
    plan: aPlan(),
    endpoint: { url: `${gateway.url}/whip/demo/main`, token: () => HOST_TOKEN },
    post: {
      socketUrl: `${gateway.url.replace('http', 'ws')}/ws/host/demo/main`,
      version: '0.0.0',
      control: NO_CONTROL,
    },
    graceMs: 500,
    say: (line) => void lines.push(line),
    onLive: (pid) => void pids.push(pid),
    ...more,
  });
  const ended = agent.run();
  ended.catch(() => undefined);
  onTestFinished(async () => {
    agent.stop();
    await ended.catch(() => undefined);
  });
  const said = (text: string, times = 1) =>
    waitFor(() => lines.filter((line) => line.includes(text)).length >= times, {
      timeoutMs: 15_000,
      what: `"${text}"; it said: ${lines.join(' ')}`,
    });
  return { agent, ended, lines, pids, said };
};

const hostsOf = async (gateway: GatewayUnderTest): Promise<readonly HostView[]> => {
  const body = await gateway.json('/api/v1/rooms/demo/hosts', anAdminToken());
  return (body as { items: readonly HostView[] }).items;
};
const inState = (gateway: GatewayUnderTest, state: string) =>
  waitFor(async () => (await hostsOf(gateway)).find(({ status }) => status.state === state), {
    timeoutMs: 10_000,
    what: `a host that is ${state}`,
  });
const countOf = async (gateway: GatewayUnderTest, kind: string): Promise<number> =>
  (await sessionsOf(gateway)).filter((one) => one.kind === kind).length;
/** A viewer without media of its own; the function ends its session. */
const watch = async (gateway: GatewayUnderTest): Promise<() => Promise<void>> => {
  const reply = await gateway.whep('demo/main', { token: aToken({ can: ['watch'] }) });
  expect(reply.status, await reply.clone().text()).toBe(201);
  const session = reply.headers.get('location') ?? '';
  return async () => {
    await gateway.request('DELETE', session);
  };
};
/** Whether a process takes less than 5 % of a core for a second: a picture takes more. */
const isResting = async (pid: number): Promise<boolean> => {
  const before = ticksOf(pid);
  await delay(1_000);
  return ticksOf(pid) - before <= 5;
};
/** CPU time of a process so far, in clock ticks of 10 ms. */
const ticksOf = (pid: number): number => {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return Number(fields[11]) + Number(fields[12]);
};

describe('a host on demand', () => {
  it('starts with the first viewer, rests after the last one in the same process, and again', async () => {
    const gateway = await openEngineGateway();
    const { pids, said } = startAgent(gateway);
    const idle = await inState(gateway, 'idle');
    expect(idle.capabilities).toMatchObject({ kind: 'cube', onDemand: true, sound: false });
    expect(idle.capabilities.encoders).toHaveLength(1);
    await said('Nobody watches');
    expect(await countOf(gateway, 'publish')).toBe(0);

    const leave = await watch(gateway);
    const live = await inState(gateway, 'live');
    expect(live.status.encoder).toBe(idle.capabilities.encoders[0]?.name);
    await leave();
    await inState(gateway, 'idle');
    await waitFor(async () => (await countOf(gateway, 'publish')) === 0, {
      what: 'the session to be gone',
    });

    const pid = pids[0] ?? 0;
    await waitFor(() => isResting(pid), { timeoutMs: 20_000, what: 'a second without work' });

    await watch(gateway);
    await inState(gateway, 'live');
    expect(pids).toEqual([pid, pid]);
  }, 60_000);

  it('has another warm process when the resting one was killed', async () => {
    const gateway = await openEngineGateway();
    const { pids } = startAgent(gateway);
    const leave = await watch(await inState(gateway, 'idle').then(() => gateway));
    await inState(gateway, 'live');
    await leave();
    await inState(gateway, 'idle');
    process.kill(pids[0] ?? 0, 'SIGKILL');
    await waitFor(() => !isAlive(pids[0] ?? 0), { what: 'its end' });
    await watch(gateway);
    await inState(gateway, 'live');
    expect(pids).toHaveLength(2);
    expect(pids[1]).not.toBe(pids[0]);
  }, 60_000);

  it('stops clean while it rests: socket and process are gone', async () => {
    const gateway = await openEngineGateway();
    const { agent, ended, pids } = startAgent(gateway, { graceMs: 0 });
    await inState(gateway, 'idle');
    const leave = await watch(gateway);
    await inState(gateway, 'live');
    await leave();
    await inState(gateway, 'idle');
    agent.stop();
    await ended;
    expect(isAlive(pids[0] ?? 0)).toBe(false);
    expect(await hostsOf(gateway)).toEqual([]);
  }, 60_000);

  it('whose token has no host right says so and publishes always', async () => {
    const gateway = await openEngineGateway();
    const { lines, pids, said } = startAgent(gateway, {
      endpoint: { url: `${gateway.url}/whip/demo/main`, token: () => PUBLISH_TOKEN },
    });
    await said('Publishing cube');
    expect(pids).toHaveLength(1);
    const [first] = lines;
    expect(first).toMatch(/^No host socket: .* It publishes always/);
  }, 30_000);

  it('whose token is not good ends with one sentence', async () => {
    const gateway = await openEngineGateway();
    const { ended, lines } = startAgent(gateway, {
      endpoint: { url: `${gateway.url}/whip/demo/main`, token: () => 'not.a.token' },
    });
    await expect(ended).rejects.toMatchObject({ code: 'refused' });
    expect(lines).toEqual([]);
  });

  it('where another one serves the source ends with one sentence', async () => {
    const gateway = await openEngineGateway();
    startAgent(gateway);
    await inState(gateway, 'idle');
    const second = startAgent(gateway, {
      endpoint: {
        url: `${gateway.url}/whip/demo/main`,
        token: () => OTHER_TOKEN,
      },
    });
    await expect(second.ended).rejects.toMatchObject({ code: 'busy' });
  });
});

describe('a host that is always on', () => {
  it('publishes without a viewer and is known to the gateway', async () => {
    const gateway = await openEngineGateway();
    const { said } = startAgent(gateway, { graceMs: null });
    await said('Publishing cube');
    const host = await inState(gateway, 'live');
    expect(host.capabilities.onDemand).toBe(false);
    const figures = await waitFor(async () => (await hostsOf(gateway))[0]?.figures, {
      what: 'figures',
    });
    expect(figures.packets).toBeGreaterThan(0);
  });
});

describe('tuning by the API', () => {
  const patch = (gateway: GatewayUnderTest, tuning: object) =>
    gateway.request('PATCH', '/api/v1/rooms/demo/hosts/main', {
      token: anAdminToken(),
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(tuning),
    });

  it('is kept while it rests, and refused beyond what this machine publishes', async () => {
    const gateway = await openEngineGateway();
    startAgent(gateway);
    await inState(gateway, 'idle');
    const reply = await patch(gateway, { bitrateKbps: 300, fps: 10 });
    expect(reply.status).toBe(200);
    const { status } = (await reply.json()) as HostView;
    expect(status.fixed).toEqual({ bitrateKbps: 300, fps: 10, size: null, content: null });
    const refused = await patch(gateway, { fps: 60 });
    expect(refused.status).toBe(409);
    expect(await refused.text()).toContain('60 frames per second are more');
    expect((await hostsOf(gateway))[0]?.status.fixed.fps).toBe(10);
  });
});
