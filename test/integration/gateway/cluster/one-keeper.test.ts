import { describe, expect, test } from 'vitest';
import { createApi } from '../../../../gateway/protocol/api/client.ts';
import { listContainers, restartContainer } from '../../../../gateway/protocol/api/containers.ts';
import { aTemplateFile } from '../../../support/docker/a-template.ts';
import { OURS, startReplayEngine } from '../../../support/docker/replay-engine.ts';
import { aClusterGateway, hasPeers } from '../../../support/gateway/a-cluster.ts';
import { anAdminToken } from '../../../support/gateway/a-token.ts';
import { startFakeSrs, type FakeSrs } from '../../../support/gateway/fake-srs.ts';
import { problemOf } from '../../../support/gateway/start-gateway.ts';
import { startRedis } from '../../../support/redis/start-redis.ts';
import { waitFor } from '../../../support/wait-for.ts';

const WITHIN = { timeoutMs: 30_000, everyMs: 50 };

/** A gateway with a template. Each sees the engine by a socket of its own, which shows who asked what. */
async function aKeeper(name: string, redisUrl: string, srs: FakeSrs) {
  const replay = await startReplayEngine();
  const gateway = await aClusterGateway(redisUrl, srs, {
    GATEWAY_NAME: name,
    DOCKER_ENGINE: `unix://${replay.socketPath}`,
    DOCKER_NETWORK: 'elsewhere',
    DOCKER_TEMPLATE_FILE: aTemplateFile(),
  });
  const token = anAdminToken();
  const api = createApi({ baseUrl: gateway.url.replace(/\/$/, ''), fetch, token });
  const deeds = () => replay.seen.filter((line) => line.startsWith('POST'));
  const looks = () => replay.seen.filter((line) => line.includes('/containers/json')).length;
  const acts = () =>
    waitFor(() => deeds().some((line) => line.startsWith('POST /containers/create')), {
      ...{ ...WITHIN, what: `${name} to make a container` },
    });
  const restart = () => gateway.request('POST', `/api/v1/containers/${OURS}/restart`, { token });
  return { replay, gateway, api, token, deeds, looks, acts, restart };
}

describe('several gateways with one template', () => {
  test('[DOCKER-43] one of them looks after containers, whichever is asked; another when it goes', async () => {
    const redis = await startRedis();
    const srs = await startFakeSrs();
    const one = await aKeeper('one', redis.url, srs);
    await one.acts();
    const two = await aKeeper('two', redis.url, srs);
    await hasPeers(two.gateway, 1);
    await expect
      .poll(async () => (await two.api.call(listContainers)).work.length, { timeout: 30_000 })
      .toBeGreaterThan(0);
    await waitFor(() => two.looks() > 1, { ...WITHIN, what: 'the second one to look twice' });
    expect(two.deeds()).toEqual([]);

    const params = { container: OURS };
    await waitFor(() => two.restart().then(({ status }) => status === 200), {
      ...{ ...WITHIN, what: 'a restart by the second one' },
    });
    expect(one.deeds()).toContain(`POST /containers/${OURS}/restart?t=10`);
    expect(two.deeds()).toEqual([]);

    await one.gateway.close();
    await two.acts();
    await expect.poll(async () => (await two.restart()).status, { timeout: 30_000 }).toBe(200);
    expect(two.deeds()).toContain(`POST /containers/${OURS}/restart?t=10`);

    await redis.kill();
    await expect.poll(async () => (await two.restart()).status, { timeout: 30_000 }).toBe(503);
    const refused = await two.restart();
    expect((await problemOf(refused))['code']).toBe('docker-unavailable');
    expect(refused.headers.get('retry-after')).toBe('2');
    const dry = await two.api
      .call(restartContainer, { params, query: { dryRun: 'true' } })
      .catch((error: unknown) => error);
    expect(dry).toBeInstanceOf(Error);
    expect((await two.api.call(listContainers)).items).toHaveLength(1);
  }, 90_000);
});
