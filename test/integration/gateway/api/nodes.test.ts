import { expect, test } from 'vitest';
import { createApi, allItems, type Api } from '../../../../gateway/protocol/api/client.ts';
import {
  getNodeSummary,
  listNodeClients,
  listNodeStreams,
} from '../../../../gateway/protocol/api/node-inspection.ts';
import { listNodes } from '../../../../gateway/protocol/api/nodes.ts';
import { listSettings } from '../../../../gateway/protocol/api/settings.ts';
import { anAdminToken } from '../../../support/gateway/a-token.ts';
import { startFakeSrs } from '../../../support/gateway/fake-srs.ts';
import { startGateway, type GatewayUnderTest } from '../../../support/gateway/start-gateway.ts';

const apiOf = ({ url }: GatewayUnderTest): Api =>
  createApi({ baseUrl: url.replace(/\/$/, ''), fetch, token: anAdminToken() });

async function aNode(api: Api): Promise<string> {
  const { items } = await api.call(listNodes);
  return items[0]?.node ?? '';
}

test('[API-09] the whole list of a node is read, of which it gives ten rows unless asked', async () => {
  const { gateway, srs } = await startGateway();
  const api = apiOf(gateway);
  const params = { node: await aNode(api) };
  expect((await gateway.whip()).status).toBe(201);
  for (let count = 0; count < 25; count += 1) {
    srs.plant({ kind: 'watch', app: 'far', stream: `s${count}` });
  }
  const seen: string[] = [];
  const list = (cursor?: string) =>
    api.call(listNodeClients, { params, query: { limit: 7, ...(cursor ? { cursor } : {}) } });
  for await (const { id, session, path } of allItems(list)) {
    seen.push(id);
    // What is ours is known by its session, what is not by none.
    expect(session === null, path).toBe(path !== 'demo/main');
  }
  expect(new Set(seen).size).toBe(seen.length);
  expect(seen.length).toBe((await list()).total);
  expect(seen.length).toBeGreaterThanOrEqual(20);
  const found = await api.call(listNodeStreams, { params, query: { q: 'DEMO' } });
  expect(found.items).toEqual([]);
  const clients = await api.call(listNodeClients, { params, query: { q: '203.0.113' } });
  expect(clients.total).toBe(seen.length);
});

test('[API-09] what a version leaves out is a zero or a null, and no secret of it is told', async () => {
  const srs = await startFakeSrs();
  srs.summaries = {
    self: { version: '8.0.1', mem_kbyte: 2, argv: './srs --password x', cwd: '/secret' },
    system: { cpu_percent: 0.5 },
  };
  const { gateway } = await startGateway({ srs });
  const api = apiOf(gateway);
  const summary = await api.call(getNodeSummary, { params: { node: await aNode(api) } });
  expect(summary).toMatchObject({
    version: '8.0.1',
    memoryBytes: 2048,
    cpuShare: 0,
    eventLoopDelayP99Ms: null,
    machine: { cpuShare: 0.5, connections: 0 },
  });
  expect(JSON.stringify(summary)).not.toMatch(/password|secret/);
});

test('[API-09] nothing else of a node’s API can be asked through the gateway', async () => {
  const { gateway, srs } = await startGateway();
  const node = encodeURIComponent(await aNode(apiOf(gateway)));
  const before = srs.seen.length;
  for (const path of [
    ...[`${node}/raw`, `${node}/raw?rpc=reload`, `${node}/clients/client1`, `${node}/configs`],
    ...[`${node}/streams/../raw`, `${node}/streams%2f..%2fraw`, `elsewhere:1985/clients`],
    ...[`..%2f..%2fetc/clients`, `${node}%00/clients`],
  ]) {
    const reply = await gateway.request('GET', `/api/v1/nodes/${path}`, { token: anAdminToken() });
    expect(reply.status, path).toBe(404);
  }
  const asked = srs.seen.slice(before).map(({ url }) => url);
  expect(
    asked.filter((url) => !/^\/api\/v1\/(?:versions|clients\/\?|streams\/\?)/.test(url)),
  ).toEqual([]);
  const kick = await gateway.request('DELETE', `/api/v1/nodes/${node}/clients`, {
    token: anAdminToken(),
  });
  expect(kick.status).toBe(404);
});

test('[API-10] the settings in force are told, their secrets never', async () => {
  const { gateway } = await startGateway({
    env: {
      ADMIN_PASSWORD: 'correct horse battery',
      ICE_API_URL: 'https://ice.example/list?key=open-sesame',
      MAX_SESSIONS: '77',
    },
  });
  const { items } = await apiOf(gateway).call(listSettings);
  const of = (name: string) => items.find((setting) => setting.name === name);
  expect(of('MAX_SESSIONS')).toMatchObject({ value: '77', given: true });
  expect(of('MAX_VIEWERS_PER_ROOM')).toMatchObject({ given: false });
  expect(of('ADMIN_PASSWORD')).toMatchObject({ value: '***', given: true });
  expect(of('ICE_API_URL')?.value).toBe('https://ice.example/list?***');
  expect(JSON.stringify(items)).not.toMatch(/correct horse|open-sesame|node-password|secret for/);
});
