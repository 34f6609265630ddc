import { RedisServer } from '../../support/redis/redis-server.ts';
import { freeTcpPort } from '../../support/net/free-port.ts';
import { TcpBalancer } from '../../support/net/tcp-balancer.ts';
import { findGatewayPlace, startGateway, type GatewayProcess } from '../gateway-process.ts';
import { startStubNode } from '../stub-node.ts';

/** Gateways before one stub node. */
export interface StubCluster {
  readonly gateways: readonly GatewayProcess[];
  readonly balancer: TcpBalancer;
  /** Null of a gateway that stands alone. */
  readonly redisPort: number | null;
  close(): Promise<void>;
}

/** Starts so many gateways with these settings; `redis` false: one that stands alone. */
export async function startStubCluster(
  count: number,
  redis: boolean,
  settings: Readonly<Record<string, string>> = {},
): Promise<StubCluster> {
  const places = await Promise.all(Array.from({ length: count }, () => findGatewayPlace()));
  const balancer = await TcpBalancer.open({ ports: places.map(({ port }) => port) });
  const store = redis ? new RedisServer(await freeTcpPort()) : null;
  await store?.start();
  const [first] = places;
  if (first === undefined) throw new Error('no gateway');
  const node = await startStubNode(first.hooksUrl, 1);
  const gateways: GatewayProcess[] = [];
  for (const [at, place] of places.entries()) {
    const shared =
      store === null
        ? {}
        : {
            REDIS_URL: store.url,
            CLUSTER_URL: `http://127.0.0.1:${place.port}`,
            GATEWAY_NAME: `gateway-${at + 1}`,
          };
    const env = {
      ...{ MAX_CONNECTIONS_PER_ADDRESS: '10000', MAX_CONNECTIONS: '10000' },
      MAX_SESSIONS: '100000',
      ...shared,
      ...settings,
    };
    gateways.push(await startGateway(place, { nodeUrls: [node.url], env, cpu: 0 }));
  }
  return {
    ...{ gateways, balancer, redisPort: store?.port ?? null },
    close: async () => {
      for (const gateway of gateways) await gateway.close();
      balancer.close();
      await node.close();
      await store?.kill();
    },
  };
}
