import { onTestFinished } from 'vitest';
import type { HostView } from '../../../gateway/protocol/host.ts';
import { Agent, type AgentOptions } from '../../../host-publisher/agent.ts';
import type { MediaPlan } from '../../../host-publisher/media/plan.ts';
import { aToken, anAdminToken } from '../gateway/a-token.ts';
import type { GatewayUnderTest } from '../gateway/start-gateway.ts';
import { waitFor } from '../wait-for.ts';
import { aPlan } from './a-plan.ts';
import { NO_CONTROL } from './no-control.ts';

const TIMEOUT_MS = 30_000;

/** An agent with a real media process in room demo, stopped after the test. */
export class AgentStage {
  readonly lines: string[] = [];
  /** What `run` came to. */
  readonly ended: Promise<void>;
  readonly #gateway: GatewayUnderTest;
  readonly #agent: Agent;
  #mediaPid = 0;

  constructor(
    gateway: GatewayUnderTest,
    plan: Partial<MediaPlan> = {},
    more: Partial<AgentOptions> = {},
  ) {
    this.#gateway = gateway;
    const token = aToken({ sub: 'host', can: ['publish', 'host'] });
    const socketOf = (path: string): string => `${gateway.url.replace('http', 'ws')}${path}`;
    this.#agent = new Agent({
      plan: aPlan(plan),
      endpoint: { url: `${gateway.url}/whip/demo/main`, token: () => token },
      post: { socketUrl: socketOf('/ws/host/demo/main'), version: '0.0.0', control: NO_CONTROL },
      mediaUrl: socketOf('/ws/media/demo/main'),
      graceMs: 500,
      say: (line) => void this.lines.push(line),
      onLive: (pid) => (this.#mediaPid = pid),
      ...more,
    });
    this.ended = this.#agent.run();
    this.ended.catch(() => undefined);
    onTestFinished(async () => {
      this.#agent.stop();
      await this.ended.catch(() => undefined);
    });
  }

  /** Ends the media process of what is published by WebRTC or to clients, without a word. */
  killMedia(): void {
    process.kill(this.#mediaPid, 'SIGKILL');
  }

  /** Resolves when nothing of it is left. */
  async stop(): Promise<void> {
    this.#agent.stop();
    await this.ended;
  }

  /** Waits until it has said this so often. */
  async says(text: string, times = 1): Promise<void> {
    await waitFor(() => this.lines.filter((line) => line.includes(text)).length >= times, {
      timeoutMs: TIMEOUT_MS,
      what: `"${text}"; it said: ${this.lines.join(' ')}`,
    });
  }

  /** Waits until the gateway shows it so. */
  is(what: string, isSo: (host: HostView) => boolean): Promise<HostView> {
    return waitFor(
      async () => {
        const body = await this.#gateway.json('/api/v1/rooms/demo/hosts', anAdminToken());
        return (body as { items: readonly HostView[] }).items.find(isSo);
      },
      { timeoutMs: TIMEOUT_MS, what: `a host that ${what}; it said: ${this.lines.join(' ')}` },
    );
  }
}
