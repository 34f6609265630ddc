import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freeTcpPort, freeUdpPort } from '../../support/net/free-port.ts';
import { TcpBalancer } from '../../support/net/tcp-balancer.ts';
import { waitFor } from '../../support/wait-for.ts';
import { GATEWAY, HOOK_SECRET, gatewaySettings } from '../gateway-process.ts';

import { Role } from './role.ts';

export interface ClusterOptions {
  readonly nodes: number;
  readonly gateways: number;
  /** Without it there is one gateway, as users start it alone. */
  readonly redis: boolean;
  /** More settings of all gateways. */
  readonly env?: Readonly<Record<string, string>>;
}

/** An embedded engine, with what names it. */
export interface NodeRole extends Role {
  readonly apiUrl: string;
  readonly mediaPort: number;
}

/** A gateway process of the cluster. */
export interface GatewayRole extends Role {
  readonly url: string;
}

const ENGINE = fileURLToPath(new URL('../../../srs/embedded/main.ts', import.meta.url));
const CLUSTER_SECRET = 'a-cluster-secret-of-loopback-that-is-long-enough';
const READY_MS = 60_000;

/** Nodes, gateways, Redis and a balancer, each a process that chaos can strike. */
export class ClusterStage {
  readonly nodes: readonly NodeRole[];
  readonly gateways: readonly GatewayRole[];
  /** Null: there is none. */
  readonly redis: Role | null;
  readonly balancer: TcpBalancer;
  readonly #dataDirs: readonly string[];

  private constructor(parts: {
    nodes: readonly NodeRole[];
    gateways: readonly GatewayRole[];
    redis: Role | null;
    balancer: TcpBalancer;
    dataDirs: readonly string[];
  }) {
    this.nodes = parts.nodes;
    this.gateways = parts.gateways;
    this.redis = parts.redis;
    this.balancer = parts.balancer;
    this.#dataDirs = parts.dataDirs;
  }

  /** Starts all of it; resolves when each gateway is ready for sessions. */
  static async open(options: ClusterOptions): Promise<ClusterStage> {
    const ports = await Promise.all(Array.from({ length: options.gateways }, () => freeTcpPort()));
    const balancer = await TcpBalancer.open({ ports });
    const hooksUrl = `${balancer.url}/api/srs?secret=${HOOK_SECRET}`;
    const nodes = await Promise.all(
      Array.from({ length: options.nodes }, (_, at) => createNode(at + 1, hooksUrl)),
    );
    const redisPort = await freeTcpPort();
    const redis = options.redis ? createRedis(redisPort) : null;
    const dataDirs = ports.map(() => mkdtempSync(join(tmpdir(), 'chaos-fleet-')));
    const gateways = ports.map((port, at) => {
      const place = { port, hooksUrl };
      const shared = options.redis ? clusterSettings(at + 1, port, redisPort) : {};
      const env = gatewaySettings(place, dataDirs[at] ?? '', {
        nodeUrls: nodes.map(({ apiUrl }) => apiUrl),
        env: {
          ...{ PUBLIC_URL: balancer.url, MAX_CONNECTIONS: '10000' },
          ...{ MAX_CONNECTIONS_PER_ADDRESS: '10000' },
          ...shared,
          ...options.env,
        },
      });
      const command = [process.execPath, GATEWAY] as const;
      const role = new Role({ name: `gateway ${at + 1}`, command, env });
      return Object.assign(role, { url: `http://127.0.0.1:${port}` });
    });
    const stage = new ClusterStage({ nodes, gateways, redis, balancer, dataDirs });
    for (const role of stage.roles) role.start();
    try {
      await stage.whole();
    } catch (error) {
      const outputs = stage.outputs;
      await stage.close();
      throw new Error(outputs, { cause: error });
    }
    return stage;
  }

  get roles(): readonly Role[] {
    return [...(this.redis === null ? [] : [this.redis]), ...this.nodes, ...this.gateways];
  }

  /** What the processes printed last, for a person who looks for a cause. */
  get outputs(): string {
    return this.roles.map(({ name, output }) => `--- ${name}\n${output.slice(-2_000)}`).join('\n');
  }

  /** Resolves when all that should run is ready. */
  async whole(): Promise<void> {
    const urls = [
      ...this.gateways.map(({ url }) => `${url}/readyz`),
      ...this.nodes.map(({ apiUrl }) => `${apiUrl}/api/v1/versions`),
      `${this.balancer.url}/readyz`,
    ];
    for (const url of urls) {
      const signal = (): AbortSignal => AbortSignal.timeout(2_000);
      const isThere = async (): Promise<boolean> => (await fetch(url, { signal: signal() })).ok;
      await waitFor(isThere, { timeoutMs: READY_MS, everyMs: 50, what: url });
    }
  }

  /** Ends the gateways before the nodes, so that they can still tell them. */
  async close(): Promise<void> {
    await Promise.all(this.gateways.map((role) => role.close()));
    await Promise.all(this.nodes.map((role) => role.close()));
    await this.redis?.close();
    this.balancer.close();
    for (const folder of this.#dataDirs) rmSync(folder, { recursive: true, force: true });
  }
}

async function createNode(number: number, hooksUrl: string): Promise<NodeRole> {
  const [apiPort, mediaPort] = [await freeTcpPort(), await freeUdpPort()];
  const role = new Role({
    name: `node ${number}`,
    command: [process.execPath, ENGINE],
    env: {
      ENGINE_API_PORT: String(apiPort),
      ...{ MEDIA_PORT: String(mediaPort), MEDIA_BIND: '127.0.0.1' },
      ...{ MEDIA_CANDIDATE: '127.0.0.1', ENGINE_HOOKS_URL: hooksUrl, LOG_LEVEL: 'warn' },
    },
  });
  return Object.assign(role, { apiUrl: `http://127.0.0.1:${apiPort}`, mediaPort });
}

function createRedis(port: number): Role {
  const place = ['--port', String(port), '--bind', '127.0.0.1'];
  return new Role({
    name: 'redis',
    command: ['redis-server', ...place, '--save', '', '--appendonly', 'no'],
  });
}

function clusterSettings(number: number, port: number, redisPort: number): Record<string, string> {
  return {
    REDIS_URL: `redis://127.0.0.1:${redisPort}`,
    CLUSTER_URL: `http://127.0.0.1:${port}`,
    CLUSTER_SECRET,
    GATEWAY_NAME: `gateway-${number}`,
  };
}
