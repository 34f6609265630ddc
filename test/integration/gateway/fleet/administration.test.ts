import { describe, expect, test } from 'vitest';
import type { NodeView } from '../../../../gateway/protocol/api/nodes.ts';
import { anAdminToken, aToken } from '../../../support/gateway/a-token.ts';
import { startFakeSrs, type FakeSrs } from '../../../support/gateway/fake-srs.ts';
import {
  problemOf,
  startGateway,
  type GatewayUnderTest,
} from '../../../support/gateway/start-gateway.ts';

interface Stage {
  readonly gateway: GatewayUnderTest;
  readonly first: FakeSrs;
  readonly second: FakeSrs;
  /** An operation on a node. */
  readonly act: (srs: FakeSrs, act: string, body?: object, method?: string) => Promise<Response>;
}

async function twoNodes(env: Record<string, string> = {}): Promise<Stage> {
  const [first, second] = [await startFakeSrs(), await startFakeSrs()];
  second.service = 'service-of-the-second';
  const SRS_NODES = `${first.url},${second.url}`;
  const { gateway } = await startGateway({ srs: first, env: { SRS_NODES, ...env } });
  second.hooks = first.hooks;
  return {
    ...{ gateway, first, second },
    act: (srs, act, body, method = 'POST') =>
      gateway.request(method, `/api/v1/nodes/${encodeURIComponent(new URL(srs.url).host)}${act}`, {
        token: anAdminToken(),
        ...(body === undefined
          ? {}
          : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
      }),
  };
}

const offersOf = (...all: FakeSrs[]): number[] => all.map(({ offers }) => offers.length);

describe('[NODE-11] over the API', () => {
  test('a cordoned node takes no new source until it is uncordoned', async () => {
    const { gateway, first, second, act } = await twoNodes();
    const cordoned = await act(first, '/cordon');
    expect(cordoned.status).toBe(200);
    expect(await cordoned.json()).toMatchObject({ duty: 'cordoned', healthy: true });
    for (const room of ['one', 'two', 'three']) {
      expect((await gateway.whip(room, { token: anAdminToken() })).status).toBe(201);
    }
    expect(offersOf(first, second)).toEqual([0, 3]);
    expect(await (await act(first, '/uncordon')).json()).toMatchObject({ duty: 'serving' });
    await gateway.whip('four', { token: anAdminToken() });
    expect(offersOf(first, second)).toEqual([1, 3]);
  });

  test('a node in use is removed by force alone, and one that is unknown is 404', async () => {
    const { gateway, first, second, act } = await twoNodes();
    await act(second, '/cordon');
    const { headers } = await gateway.whip();
    const busy = await act(first, '', undefined, 'DELETE');
    expect(busy.status).toBe(409);
    expect(await problemOf(busy)).toMatchObject({ code: 'node-busy' });
    expect((await act(first, '?force=true', undefined, 'DELETE')).status).toBe(204);
    const over = await gateway.request('GET', headers.get('location') ?? '');
    expect(await problemOf(over)).toMatchObject({ reason: 'moved' });
    expect((await act(first, '/cordon')).status).toBe(404);
  });

  test('only administrators of all may, and the audit has it', async () => {
    const { gateway, first, act } = await twoNodes();
    const path = `/api/v1/nodes/${encodeURIComponent(new URL(first.url).host)}/drain`;
    const refused = await gateway.request('POST', path, { token: aToken({ can: ['admin'] }) });
    expect(refused.status).toBe(403);
    await act(first, '/drain', { afterSeconds: 60 });
    await expect
      .poll(async () => JSON.stringify(await gateway.json('/api/v1/audit', anAdminToken())))
      .toContain('node-drained');
  });
});

test('[NODE-10] a drained node is empty in the end, its progress is told, and the publisher goes elsewhere', async () => {
  const { gateway, first, second, act } = await twoNodes();
  await act(second, '/cordon');
  const { headers } = await gateway.whip();
  await act(second, '/uncordon');
  const drained = await act(first, '/drain', { afterSeconds: 0, spreadSeconds: 0 });
  expect(drained.status).toBe(200);
  const view = async (): Promise<NodeView | undefined> => {
    const { items } = (await gateway.json('/api/v1/nodes', anAdminToken())) as {
      items: NodeView[];
    };
    return items.find(({ node }) => first.url.endsWith(node));
  };
  await expect.poll(view).toMatchObject({
    duty: 'draining',
    sessions: 0,
    drain: { phase: 'done', left: 0 },
  });
  const over = await gateway.request('GET', headers.get('location') ?? '');
  expect(await problemOf(over)).toMatchObject({ reason: 'moved' });
  await expect.poll(() => first.clients.size).toBe(0);
  expect((await gateway.whip()).status).toBe(201);
  expect(second.clients.size).toBe(1);
});

test('[NODE-07] [NODE-08] full nodes are 503 with a time, and the other takes what one has no room for', async () => {
  const { gateway, first, second } = await twoNodes({ NODE_MAX_SESSIONS: '1' });
  const token = anAdminToken();
  expect((await gateway.whip('one', { token })).status).toBe(201);
  expect((await gateway.whip('two', { token })).status).toBe(201);
  expect(offersOf(first, second)).toEqual([1, 1]);
  for (const reply of [
    await gateway.whip('three', { token }),
    await gateway.whep('one', { token }),
  ]) {
    expect(reply.status).toBe(503);
    expect(reply.headers.get('retry-after')).toBe('10');
    expect(await problemOf(reply)).toMatchObject({ code: 'capacity' });
  }
  expect(offersOf(first, second)).toEqual([1, 1]);
});
