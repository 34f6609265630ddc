import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EngineFleet } from '../gateway/engine-fleet.ts';
import { freeTcpPort } from '../net/free-port.ts';
import { TcpBalancer } from '../net/tcp-balancer.ts';
import { RedisServer } from '../redis/redis-server.ts';

const NODES = 2;

/**
 * What several gateways stand on and behind: a Redis, two engines (unless there are nodes), and a
 * balancer, so that a suite which knows one gateway runs against all of them.
 */
export class ClusterSurroundings {
  /** What each gateway is to be started with, beside what all have. */
  readonly settings: readonly Readonly<Record<string, string>>[];
  readonly balancer: TcpBalancer;
  readonly redis: RedisServer;
  readonly #fleet: EngineFleet | null;
  readonly #dvrFolder: string | undefined;

  private constructor(parts: {
    settings: readonly Record<string, string>[];
    balancer: TcpBalancer;
    redis: RedisServer;
    fleet: EngineFleet | null;
    dvrFolder: string | undefined;
  }) {
    this.settings = parts.settings;
    this.balancer = parts.balancer;
    this.redis = parts.redis;
    this.#fleet = parts.fleet;
    this.#dvrFolder = parts.dvrFolder;
  }

  /** How many gateways suites are to run against: `GATEWAYS`, else one. */
  static get wanted(): number {
    return Number(process.env['GATEWAYS'] ?? '1');
  }

  /**
   * With nodes of one's own their hooks go to the first gateway, at `settings.PORT`. With `HOST` all
   * of it listens there, and gateways are called as their clients call them.
   */
  static async start(
    gateways: number,
    settings: Readonly<Record<string, string>>,
  ): Promise<ClusterSurroundings> {
    const { HOST: host, PORT: port, SRS_NODES: nodes } = settings;
    // Seen by each gateway, as whichever is the home takes files from there.
    const records = nodes === undefined && settings['RECORDING'] !== undefined;
    const dvrFolder = records ? mkdtempSync(join(tmpdir(), 'pixelcast-dvr-')) : undefined;
    const place = { bind: host, dvrFolder };
    const fleet = nodes === undefined ? await EngineFleet.start(NODES, port, place) : null;
    const shared = { ...fleet?.settings, ...settings };
    const redis = new RedisServer(await freeTcpPort());
    await redis.start();
    const ports = [shared['PORT'] ?? '', ...(await others(gateways - 1))];
    const balancer = await TcpBalancer.open({
      ports: ports.map(Number),
      ...(host === undefined ? {} : { host }),
    });
    const called = host === undefined ? { PUBLIC_URL: balancer.url } : {};
    const each = ports.map((PORT, at) => ({
      ...{ ...called, ...shared, PORT, REDIS_URL: redis.url },
      ...{ CLUSTER_URL: `http://127.0.0.1:${PORT}`, GATEWAY_NAME: `gateway-${at + 1}` },
    }));
    return new ClusterSurroundings({ settings: each, balancer, redis, fleet, dvrFolder });
  }

  async close(): Promise<void> {
    this.balancer.close();
    await this.#fleet?.close();
    await this.redis.kill();
    if (this.#dvrFolder !== undefined) rmSync(this.#dvrFolder, { recursive: true, force: true });
  }
}

function others(count: number): Promise<string[]> {
  return Promise.all(Array.from({ length: count }, async () => String(await freeTcpPort())));
}
