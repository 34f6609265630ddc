import { freeTcpPort } from '../net/free-port.ts';
import { waitFor } from '../wait-for.ts';
import { aToken } from './a-token.ts';
import { startFakeSrs, type FakeSrs } from './fake-srs.ts';
import { HOOK_SECRET, startGateway, type GatewayUnderTest } from './start-gateway.ts';

/** Gateways of one cluster and the pretended SRS behind them all; its hooks go to the first. */
export interface ClusterUnderTest {
  readonly gateways: readonly [GatewayUnderTest, GatewayUnderTest];
  readonly srs: FakeSrs;
}

/** Two gateways that know of each other, called `one` and `two`. */
export async function aCluster(
  redisUrl: string,
  env: Readonly<Record<string, string>> = {},
): Promise<ClusterUnderTest> {
  const srs = await startFakeSrs();
  const [one, two] = await Promise.all([
    aClusterGateway(redisUrl, srs, { GATEWAY_NAME: 'one', ...env }),
    aClusterGateway(redisUrl, srs, { GATEWAY_NAME: 'two', ...env }),
  ]);
  srs.hooks = { url: `${one.url}/api/srs`, secret: encodeURIComponent(HOOK_SECRET) };
  await Promise.all([hasPeers(one, 1), hasPeers(two, 1)]);
  return { gateways: [one, two], srs };
}

/** A gateway of a cluster. */
export async function aClusterGateway(
  redisUrl: string,
  srs: FakeSrs,
  env: Readonly<Record<string, string>>,
): Promise<GatewayUnderTest> {
  const port = await freeTcpPort();
  const { gateway } = await startGateway({
    srs,
    env: {
      PORT: String(port),
      CLUSTER_URL: `http://127.0.0.1:${port}`,
      REDIS_URL: redisUrl,
      ...env,
    },
  });
  return gateway;
}

/** Resolves once a gateway knows so many others. */
export const hasPeers = (gateway: GatewayUnderTest, count: number): Promise<true> =>
  waitFor(async () => (await clusterMetric(gateway, 'peers')) === count, {
    timeoutMs: 30_000,
    what: `the gateway to have ${count} peer(s)`,
  });

/** One of `pixelcast_cluster_…`. */
export async function clusterMetric(
  gateway: GatewayUnderTest,
  name: string,
): Promise<number | undefined> {
  const text = await (
    await gateway.request('GET', '/metrics', { token: aToken({ room: '*', can: ['admin'] }) })
  ).text();
  const found = new RegExp(`^pixelcast_cluster_${name} (\\S+)$`, 'm').exec(text)?.[1];
  return found === undefined ? undefined : Number(found);
}
