import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { Agent } from '../../../host-publisher/agent.ts';
import { HostError } from '../../../host-publisher/host-error.ts';
import type { HostFigures } from '../../../gateway/protocol/host.ts';
import { aToken, anAdminToken } from '../../support/gateway/a-token.ts';
import { openEngineGateway, sessionsOf } from '../../support/gateway/engine-gateway.ts';
import type { GatewayUnderTest } from '../../support/gateway/start-gateway.ts';
import { aPlan } from '../../support/host/a-plan.ts';
import { HostProcess, isAlive } from '../../support/host/host-process.ts';
import { waitFor } from '../../support/wait-for.ts';

const support = (name: string): string =>
  fileURLToPath(new URL(`../../support/host/${name}.ts`, import.meta.url));

const startAgent = (gateway: GatewayUnderTest, childPath?: string) => {
  const lines: string[] = [];
  const pids: number[] = [];
  const figures: HostFigures[] = [];
  const agent = new Agent({
    plan: aPlan({ sound: 'tone' }),
    endpoint: { url: `${gateway.url}/whip/demo`, token: () => aToken() },
    say: (line) => void lines.push(line),
    onLive: (pid) => void pids.push(pid),
    onFigures: (one) => void figures.push(one),
    ...(childPath === undefined ? {} : { childPath }),
  });
  const ended = agent.run();
  ended.catch(() => undefined);
  onTestFinished(async () => {
    agent.stop();
    await ended.catch(() => undefined);
  });
  const live = (times: number): Promise<number> =>
    waitFor(() => (pids.length >= times ? pids.at(-1) : null), {
      timeoutMs: 15_000,
      what: `publication ${times}; it said: ${lines.join(' ')}`,
    });
  return { agent, ended, live, lines, figures };
};

describe('the supervised media process', () => {
  it('publishes, has feedback from the server, and leaves nothing behind', async () => {
    const gateway = await openEngineGateway();
    const { agent, ended, live, figures } = startAgent(gateway);
    const pid = await live(1);
    await waitFor(async () => (await sessionsOf(gateway))[0]?.state === 'live', {
      what: 'a live session',
    });
    const last = await waitFor(() => figures.find(({ arrivedKbps }) => arrivedKbps !== null), {
      timeoutMs: 10_000,
      what: 'transport-wide feedback',
    });
    expect(last.packets).toBeGreaterThan(0);
    expect(last.loss ?? 0).toBeLessThan(0.1);

    agent.stop();
    await ended;
    expect(isAlive(pid)).toBe(false);
    expect(await sessionsOf(gateway)).toEqual([]);
  });

  it('is killed with SIGKILL: another one publishes', async () => {
    const { live, lines } = startAgent(await openEngineGateway());
    const first = await live(1);
    process.kill(first, 'SIGKILL');
    const second = await live(2);
    expect(second).not.toBe(first);
    expect(lines.join('\n')).toContain('The media process ended (SIGKILL).');
  });

  it('hangs: it is killed, and another one publishes', async () => {
    const { live, lines } = startAgent(await openEngineGateway());
    const first = await live(1);
    process.kill(first, 'SIGSTOP');
    await live(2);
    expect(isAlive(first)).toBe(false);
    expect(lines.join('\n')).toContain('Next attempt');
  }, 40_000);

  it('never works: a few attempts, then a sentence', async () => {
    const { ended, lines } = startAgent(await openEngineGateway(), support('ending-child'));
    await expect(ended).rejects.toMatchObject({
      code: 'media',
      message: 'The media process ended (exit code 3).',
    });
    expect(lines).toHaveLength(3);
  });

  it.each([
    ['babbling-child', 'The media process says what it should not.'],
    ['flooding-child', 'The media process says too much.'],
  ])('%s: it is killed, and after a few attempts there is a sentence', async (child, message) => {
    const { ended } = startAgent(await openEngineGateway(), support(child));
    await expect(ended).rejects.toMatchObject({ code: 'media', message });
  });

  it('ends with its agent, even while native code holds it up', async () => {
    const agent = spawn(process.execPath, [support('forking-parent'), support('blocked-child')]);
    onTestFinished(() => void agent.kill('SIGKILL'));
    let said = '';
    for (const stream of [agent.stdout, agent.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => (said += text));
    }
    const pid = await waitFor(
      () => said.includes('blocked') && Number(/pid (\d+)/.exec(said)?.[1]),
      { timeoutMs: 10_000, what: 'a media process that is held up' },
    );
    agent.kill('SIGKILL');
    await waitFor(() => !isAlive(pid), { what: 'the media process to end' });
  });

  it('ends with an agent that was killed with SIGKILL', async () => {
    const gateway = await openEngineGateway();
    const host = new HostProcess(['--gateway', gateway.url], { CS_TOKEN: aToken() });
    await host.live();
    const media = host.mediaPid ?? 0;
    expect(isAlive(media)).toBe(true);
    host.kill('SIGKILL');
    await host.ended();
    await waitFor(() => !isAlive(media), { timeoutMs: 20_000, what: 'the media process to end' });
  });
});

describe('what the gateway does to a publication', () => {
  it('kicks it: it stays away and says so', async () => {
    const gateway = await openEngineGateway();
    const { ended, live } = startAgent(gateway);
    await live(1);
    const [session] = await sessionsOf(gateway);
    const path = `/api/v1/sessions/${session?.id ?? ''}`;
    await gateway.request('DELETE', path, { token: anAdminToken() });
    const error = await ended.then(
      () => null,
      (reason: unknown) => reason,
    );
    expect(error).toBeInstanceOf(HostError);
    expect(error).toMatchObject({
      code: 'ended',
      message: 'An administrator ended this publication.',
    });
  });
});
