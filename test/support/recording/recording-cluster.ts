import { createApi } from '../../../gateway/protocol/api/client.ts';
import type { Recording } from '../../../gateway/recordings/recording.ts';
import { aClusterGateway, hasPeers } from '../gateway/a-cluster.ts';
import { anAdminToken } from '../gateway/a-token.ts';
import { startFakeSrs, type FakeSrs } from '../gateway/fake-srs.ts';
import { aFolder, HOOK_SECRET, type GatewayUnderTest } from '../gateway/start-gateway.ts';
import { startRedis } from '../redis/start-redis.ts';
import type { RedisServer } from '../redis/redis-server.ts';
import { aRecording, keepRecording } from './a-recording.ts';

const BYTES = 1000;

/** A gateway of a cluster with recordings that were made before. */
export interface HoldingGateway {
  readonly gateway: GatewayUnderTest;
  readonly recordings: readonly Recording[];
  /** Starts it anew on what it had, under another name. */
  again(): Promise<GatewayUnderTest>;
}

/** Two gateways that know of each other; each holds so many recordings, in turn by their time. */
export async function aRecordingCluster(
  each: number,
  env: Readonly<Record<string, string>> = {},
): Promise<{
  readonly redis: RedisServer;
  readonly srs: FakeSrs;
  readonly one: HoldingGateway;
  readonly two: HoldingGateway;
}> {
  const [redis, srs] = await Promise.all([startRedis(), startFakeSrs()]);
  const all = Array.from({ length: 2 * each }, () => aRecording());
  const [one, two] = await Promise.all(
    (['one', 'two'] as const).map(async (name, turn) => {
      const recordings = all.filter((_, at) => at % 2 === turn);
      const folder = aFolder();
      const media = Buffer.alloc(BYTES, `${name}-`);
      for (const recording of recordings) await keepRecording(folder, recording, media);
      const start = (as: string, dataDir = aFolder()): Promise<GatewayUnderTest> =>
        aClusterGateway(redis.url, srs, {
          ...{ GATEWAY_NAME: as, DATA_DIR: dataDir, RECORDINGS_DIR: folder },
          ...{ RECORDING: 'on-demand', RECORDINGS_MIN_FREE_GB: '0', ...env },
        });
      const gateway = await start(name);
      return { gateway, recordings, again: () => start(`${name}-again`) };
    }),
  );
  if (one === undefined || two === undefined) throw new Error('no gateways');
  srs.hooks = { url: `${one.gateway.url}/api/srs`, secret: encodeURIComponent(HOOK_SECRET) };
  await Promise.all([one, two].map(({ gateway }) => hasPeers(gateway, 1)));
  return { redis, srs, one, two };
}

/** The API of a gateway, for an administrator unless a token is given. */
export const apiAt = ({ url }: GatewayUnderTest, token = anAdminToken()) =>
  createApi({ baseUrl: url.replace(/\/$/, ''), fetch, token });
