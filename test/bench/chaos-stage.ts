import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import { openTestBrowser, type TestBrowser } from '../support/browser/test-browser.ts';
import { freeTcpPort, freeUdpPort } from '../support/net/free-port.ts';
import { waitFor } from '../support/wait-for.ts';
import {
  GATEWAY,
  HOOK_SECRET,
  findGatewayPlace,
  gatewaySettings,
  mint,
  type GatewayPlace,
} from './gateway-process.ts';
import { watchPicture } from './picture-watch.ts';
import { childrenOf } from './process-tree.ts';
import { RestartedProcess } from './restarted-process.ts';

/** What is killed. */
export type Victim = 'media' | 'agent' | 'gateway' | 'node';

export interface ChaosOptions {
  /** Command of a real SRS, which then listens at `srsUrl`; empty: the embedded engine. */
  readonly srsCommand: string;
  readonly srsUrl: string;
  /** Where the hooks of a real SRS point; 0: any free one. */
  readonly gatewayPort: number;
  readonly argv: readonly string[];
}

const at = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const ENGINE = at('../../srs/embedded/main.ts');
const HOST = at('../../host-publisher/main.ts');
const VIDEO = '[data-testid="video"]';
const ROOM = 'chaos';
const TOKEN_SECONDS = 24 * 3600;

/** Gateway, node and host as processes that are restarted when they end, and a page that watches. */
export class ChaosStage {
  readonly agent: RestartedProcess;
  readonly page: Page;
  readonly #node: RestartedProcess;
  readonly #gateway: RestartedProcess;
  readonly #nodeIsSupervisor: boolean;
  readonly #gatewayUrl: string;
  readonly #browser: TestBrowser;
  readonly #dataDir: string;

  private constructor(parts: {
    agent: RestartedProcess;
    page: Page;
    node: RestartedProcess;
    gateway: RestartedProcess;
    nodeIsSupervisor: boolean;
    gatewayUrl: string;
    browser: TestBrowser;
    dataDir: string;
  }) {
    this.agent = parts.agent;
    this.page = parts.page;
    this.#node = parts.node;
    this.#gateway = parts.gateway;
    this.#nodeIsSupervisor = parts.nodeIsSupervisor;
    this.#gatewayUrl = parts.gatewayUrl;
    this.#browser = parts.browser;
    this.#dataDir = parts.dataDir;
  }

  static async open(options: ChaosOptions): Promise<ChaosStage> {
    const place = await findGatewayPlace(options.gatewayPort || undefined);
    const dataDir = mkdtempSync(join(tmpdir(), 'chaos-'));
    const { process: node, url } = await startNode(options, place);
    const gateway = new RestartedProcess({
      command: [process.execPath, GATEWAY],
      env: gatewaySettings(place, dataDir, { nodeUrls: [url] }),
    });
    const gatewayUrl = `http://127.0.0.1:${place.port}`;
    await untilReady(gatewayUrl, gateway);
    const agent = new RestartedProcess({
      command: [process.execPath, HOST, '--gateway', gatewayUrl, '--room', ROOM, ...options.argv],
      env: {
        CS_TOKEN: mint(ROOM, ['publish', 'host'], 'host', TOKEN_SECONDS),
        CS_WIDTH: '640',
        CS_HEIGHT: '360',
        CS_FPS: '30',
        CS_BITRATE_KBPS: '1000',
      },
    });
    const browser = await openTestBrowser();
    const token = mint(ROOM, ['watch'], 'viewer', TOKEN_SECONDS);
    const page = await browser.open(`${gatewayUrl}/watch/${ROOM}#token=${token}`);
    await watchPicture(page, VIDEO);
    const nodeIsSupervisor = options.srsCommand === '';
    const parts = { agent, page, node, gateway, gatewayUrl, browser, dataDir };
    return new ChaosStage({ ...parts, nodeIsSupervisor });
  }

  /** The media process of the present agent; null while there is none. */
  get mediaPid(): number | null {
    return childrenOf(this.agent.pid)[0] ?? null;
  }

  /** What the processes printed last, for a person who looks for a cause. */
  get outputs(): string {
    const { agent } = this;
    const last = (process: RestartedProcess): string => process.output.slice(-2_000);
    return `host:\n${last(agent)}\ngateway:\n${last(this.#gateway)}\nnode:\n${last(this.#node)}`;
  }

  /** Kills with SIGKILL; resolves with the time of it, in epoch milliseconds. */
  async kill(victim: Victim): Promise<number> {
    if (victim === 'media')
      process.kill(await this.#found('media', () => this.mediaPid), 'SIGKILL');
    else if (victim === 'agent') this.agent.kill();
    else if (victim === 'gateway') this.#gateway.kill();
    else if (!this.#nodeIsSupervisor) this.#node.kill();
    else {
      const engine = (): number | null => childrenOf(this.#node.pid)[0] ?? null;
      process.kill(await this.#found('engine', engine), 'SIGKILL');
    }
    return Date.now();
  }

  /** Whether gateway and host both say that the host is live, since `sinceMs`. */
  async isWhole(): Promise<boolean> {
    const authorization = `Bearer ${mint('*', ['admin'], 'chaos')}`;
    const path = `${this.#gatewayUrl}/api/v1/sessions`;
    const reply = await fetch(path, {
      headers: { authorization },
      signal: AbortSignal.timeout(2_000),
    });
    const { items } = (await reply.json()) as { items: { kind: string; state: string }[] };
    const live = items.filter(({ state }) => state === 'live').map(({ kind }) => kind);
    return live.includes('publish') && live.includes('watch');
  }

  async close(): Promise<void> {
    await this.#browser.close();
    await this.agent.close();
    await this.#gateway.close();
    await this.#node.close();
    rmSync(this.#dataDir, { recursive: true, force: true });
  }

  #found(what: string, find: () => number | null): Promise<number> {
    return waitFor(find, { what: `the ${what} process` });
  }
}

async function startNode(
  options: ChaosOptions,
  place: GatewayPlace,
): Promise<{ process: RestartedProcess; url: string }> {
  const { srsCommand, srsUrl } = options;
  if (srsCommand !== '') {
    const env = { HOOKS_BASE_URL: place.hooksUrl.replace(/\?.*$/, ''), HOOK_SECRET };
    const command = ['sh', '-c', `exec ${srsCommand}`] as const;
    return { process: new RestartedProcess({ command, env }), url: srsUrl };
  }
  const port = await freeTcpPort();
  const engine = new RestartedProcess({
    command: [process.execPath, ENGINE],
    env: {
      ENGINE_API_PORT: String(port),
      MEDIA_PORT: String(await freeUdpPort()),
      MEDIA_BIND: '127.0.0.1',
      ENGINE_HOOKS_URL: place.hooksUrl,
      LOG_LEVEL: 'warn',
    },
  });
  return { process: engine, url: `http://127.0.0.1:${port}` };
}

async function untilReady(url: string, gateway: RestartedProcess): Promise<void> {
  await waitFor(async () => (await fetch(`${url}/readyz`)).ok, {
    timeoutMs: 20_000,
    what: 'the gateway to be ready',
  }).catch((cause: unknown) => {
    throw new Error(gateway.output, { cause });
  });
}
