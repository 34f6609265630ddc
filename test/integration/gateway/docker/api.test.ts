import { describe, expect, test } from 'vitest';
import { createApi } from '../../../../gateway/protocol/api/client.ts';
import {
  getContainer,
  listContainers,
  restartContainer,
} from '../../../../gateway/protocol/api/containers.ts';
import {
  OURS,
  OTHERS,
  recorded,
  startReplayEngine,
} from '../../../support/docker/replay-engine.ts';
import { anAdminToken, aToken } from '../../../support/gateway/a-token.ts';
import { HOOK_SECRET, problemOf, startGateway } from '../../../support/gateway/start-gateway.ts';

async function aStage() {
  const replay = await startReplayEngine();
  const { gateway } = await startGateway({
    env: { DOCKER_ENGINE: `unix://${replay.socketPath}`, DOCKER_NETWORK: 'elsewhere' },
  });
  const token = anAdminToken();
  const api = createApi({ baseUrl: gateway.url.replace(/\/$/, ''), fetch, token });
  await expect.poll(async () => (await api.call(listContainers)).items.length).toBe(1);
  return { replay, gateway, api, token };
}

describe('[DOCKER-16] containers by the API', () => {
  test('are off unless an engine is set', async () => {
    const { gateway } = await startGateway();
    const token = anAdminToken();
    expect(await gateway.json('/api/v1/containers', token)).toEqual({
      ...{ engine: null, items: [], scaling: null, work: [] },
    });
    const reply = await gateway.request('GET', '/api/v1/containers/x', { token });
    expect([reply.status, (await problemOf(reply))['code']]).toEqual([409, 'docker-off']);
  });

  test('are for administrators of all rooms alone', async () => {
    const { gateway } = await startGateway();
    for (const token of [aToken({ can: ['admin'] }), aToken({ can: ['operate'] })]) {
      expect((await gateway.request('GET', '/api/v1/containers', { token })).status).toBe(403);
    }
  });

  test('show no secret, and why one is no media server', async () => {
    const { replay, api } = await aStage();
    const { items } = await api.call(listContainers);
    expect(items[0]).toMatchObject({ node: null, problem: 'It is not in elsewhere.' });
    replay.canned = (req, res) => {
      if (req.url?.endsWith('/json') !== true || req.url.includes('/containers/json')) return false;
      res.end((recorded('inspect').text ?? '').replaceAll('line $i', HOOK_SECRET));
      return true;
    };
    const details = await api.call(getContainer, { params: { container: 'pixelcast-recorded' } });
    expect(details.environment).toEqual(['HOOK_SECRET']);
    expect(details.command.join(' ')).toContain('***');
    expect(JSON.stringify(details)).not.toMatch(/recorded-secret|a hook secret/);
  });

  test('of others are not there by any name, and a dry run does nothing', async () => {
    const { replay, gateway, api, token } = await aStage();
    for (const key of ['pixelcast-recorded-other', OTHERS, OTHERS.slice(0, 12), '..%2f..', '%00']) {
      const path = `/api/v1/containers/${key}/stop`;
      expect((await gateway.request('POST', path, { token })).status, key).toBe(404);
    }
    const params = { container: OURS };
    const plan = await api.call(restartContainer, { params, query: { dryRun: 'true' } });
    expect(plan).toEqual({ dryRun: true, steps: ['pixelcast-recorded is restarted.'] });
    expect(replay.seen.filter((line) => line.startsWith('POST') || line.includes(OTHERS))).toEqual(
      [],
    );
    await api.call(restartContainer, { params, query: {} });
    expect(replay.seen.filter((line) => line.startsWith('POST'))).toEqual([
      `POST /containers/${OURS}/restart?t=10`,
    ]);
    const acts = gateway.lines.filter(({ msg }) => msg === 'administrator acted');
    expect(acts).toMatchObject([
      { act: 'container-restarted', target: { container: 'pixelcast-recorded' } },
    ]);
  });

  test('stay as they were while the engine is away, which is told', async () => {
    const { replay, gateway, api } = await aStage();
    await replay.close();
    await expect.poll(async () => (await api.call(listContainers)).engine?.up).toBe(false);
    expect((await api.call(listContainers)).items).toHaveLength(1);
    const metrics = await (await gateway.request('GET', '/metrics', { token: null })).text();
    expect(metrics).toMatch(/^pixelcast_docker_up 0$/m);
  });

  test('have a log that is followed as server-sent events', async () => {
    const { gateway, token } = await aStage();
    const path = `/api/v1/containers/${OURS}/log/follow?tail=6`;
    const reply = await gateway.request('GET', path, { token });
    expect(reply.headers.get('content-type')).toBe('text/event-stream');
    const text = await reply.text();
    expect(text.match(/^data: .*"stream":"err","text":"warning 3"/gm)).toHaveLength(1);
    expect(text.match(/^data: /gm)).toHaveLength(6);
  });
});
