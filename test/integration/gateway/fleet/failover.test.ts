import { expect, onTestFinished, test } from 'vitest';
import { anAdminToken } from '../../../support/gateway/a-token.ts';
import { EngineFleet } from '../../../support/gateway/engine-fleet.ts';
import { EventReader } from '../../../support/gateway/event-reader.ts';
import {
  problemOf,
  startGateway,
  type GatewayUnderTest,
} from '../../../support/gateway/start-gateway.ts';
import { waitFor } from '../../../support/wait-for.ts';

interface Node {
  readonly node: string;
  readonly healthy: boolean;
  readonly sessions: number;
}

async function nodesOf(gateway: GatewayUnderTest): Promise<readonly Node[]> {
  const body = (await gateway.json('/api/v1/nodes', anAdminToken())) as { items: Node[] };
  return body.items;
}

/** A gateway on two engines, both of which are ready. */
async function twoEngines(): Promise<{ gateway: GatewayUnderTest; fleet: EngineFleet }> {
  const fleet = await EngineFleet.start(2);
  onTestFinished(() => fleet.close());
  const { gateway } = await startGateway({ srs: null, env: fleet.settings });
  await waitFor(async () => (await nodesOf(gateway)).every(({ healthy }) => healthy), {
    timeoutMs: 20_000,
    what: 'both engines to be ready',
  });
  return { gateway, fleet };
}

/** The node that has the sessions. */
async function nodeInUse(gateway: GatewayUnderTest): Promise<string> {
  const used = (await nodesOf(gateway)).filter(({ sessions }) => sessions > 0);
  expect(used).toHaveLength(1);
  return used[0]?.node ?? '';
}

/** Opens the event stream of a viewer's session. */
async function eventsOf(viewer: Response): Promise<EventReader> {
  const [, address = ''] =
    /<([^>]+)>; rel="urn[^"]*server-sent-events"/.exec(viewer.headers.get('link') ?? '') ?? [];
  const opened = await fetch(address, { method: 'POST' });
  return await EventReader.open(new URL(opened.headers.get('location') ?? '', address).href);
}

test.each(['SIGKILL', 'SIGSTOP'] as const)(
  '[NODE-04] of two engines one gets %s: all of its sessions end, all are told, and the other takes them',
  { timeout: 90_000 },
  async (how) => {
    const { gateway, fleet } = await twoEngines();
    const publisher = await gateway.whip();
    const viewer = await gateway.whep();
    expect([publisher.status, viewer.status]).toEqual([201, 201]);
    const events = await eventsOf(viewer);
    const used = await nodeInUse(gateway);

    if (how === 'SIGKILL') EngineFleet.kill(fleet.named(used));
    else EngineFleet.freeze(fleet.named(used));
    await waitFor(() => events.events.some((event) => event.startsWith('reconnect ')), {
      timeoutMs: 20_000,
      what: 'the viewer to be told',
    });
    const over = await gateway.request('GET', publisher.headers.get('location') ?? '');
    expect(over.status).toBe(404);
    expect(await problemOf(over)).toMatchObject({ reason: 'node-lost' });

    expect((await gateway.whip()).status).toBe(201);
    expect((await gateway.whep()).status).toBe(201);
    expect(await nodeInUse(gateway)).not.toBe(used);

    if (how === 'SIGKILL') return;
    EngineFleet.thaw(fleet.named(used));
    await waitFor(
      async () =>
        (await nodesOf(gateway)).every(({ healthy, sessions }) => healthy || sessions > 0),
      { timeoutMs: 30_000, what: 'the engine to be back' },
    );
    // What it still has of before nobody knows: it is removed there.
    const left = async (): Promise<unknown> => {
      const path = `/api/v1/nodes/${encodeURIComponent(used)}/clients`;
      return ((await gateway.json(path, anAdminToken())) as { items: unknown[] }).items;
    };
    await expect.poll(left, { timeout: 30_000 }).toEqual([]);
  },
);

test(
  '[NODE-04] with one engine that hangs for a moment sessions stay',
  { timeout: 60_000 },
  async () => {
    const fleet = await EngineFleet.start(1);
    onTestFinished(() => fleet.close());
    const { gateway } = await startGateway({ srs: null, env: fleet.settings });
    await waitFor(async () => (await gateway.request('GET', '/readyz')).ok, {
      timeoutMs: 20_000,
      what: 'the engine to be ready',
    });
    const location = (await gateway.whip()).headers.get('location') ?? '';
    const [engine] = fleet.engines;
    if (engine === undefined) throw new Error('no engine');
    EngineFleet.freeze(engine);
    await waitFor(
      async () => {
        const metrics = await (await gateway.request('GET', '/metrics')).text();
        return /pixelcast_node_request_seconds_count\{operation="versions",result="failed"\} [1-9]/.test(
          metrics,
        );
      },
      { timeoutMs: 30_000, what: 'a look that gets no answer' },
    );
    EngineFleet.thaw(engine);
    await waitFor(async () => (await gateway.request('GET', '/readyz')).ok, {
      timeoutMs: 20_000,
      what: 'the engine to be back',
    });
    expect((await gateway.request('GET', location)).status).not.toBe(404);
  },
);
