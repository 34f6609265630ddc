import { expect, test } from 'vitest';
import { NodeLoads } from '../../../../gateway/rooms/fleet/node-loads.ts';
import { CarriedPlaces } from '../../../../gateway/rooms/fleet/carried-places.ts';
import type { KnownNode } from '../../../../gateway/rooms/nodes.ts';
import { aRoom, GatewayCore } from '../../../support/gateway/a-gateway-core.ts';

/** A core whose one node has said who it is. */
async function oneNode(): Promise<{ core: GatewayCore; known: KnownNode }> {
  const core = new GatewayCore();
  await core.watch.check();
  const [known] = core.nodes.list();
  if (known === undefined) throw new Error('no node');
  return { core, known };
}

test('[NODE-07] what was brought to a node since its figures is added to them', async () => {
  const { core, known } = await oneNode();
  core.loads.note(known, { ...core.node.told, cpuShare: 0.3 }, 0);
  for (const room of ['one', 'two']) await core.publish({ room: aRoom(room) });
  expect(core.loads.of(known).sessions).toBe(2);
  expect(core.loads.of(known).cpuShare).toBeCloseTo(0.31);
  core.loads.note(known, { ...core.node.told, cpuShare: 0.3 }, 1_000);
  expect(core.loads.of(known).cpuShare).toBeCloseTo(0.3);
});

test('[NODE-07] a node’s bitrate is what it sent and received between its figures', async () => {
  const { core, known } = await oneNode();
  await core.publish();
  const tell = (bytes: number, atMs: number): void =>
    core.loads.note(known, { ...core.node.told, sentBytes: bytes, receivedBytes: bytes }, atMs);
  tell(0, 0);
  expect(core.loads.of(known).bitrate).toBe(0);
  tell(125_000, 1_000);
  expect(core.loads.of(known).bitrate).toBe(2_000_000);
  await core.publish({ room: aRoom('two') });
  expect(core.loads.of(known).bitrate).toBe(4_000_000);
});

test('[NODE-07] a node that says nothing any more counts by its sessions alone', async () => {
  const { core, known } = await oneNode();
  core.loads.note(known, { ...core.node.told, cpuShare: 0.9 }, 0);
  core.loads.note(known, null, 1_000);
  await core.publish();
  expect(core.loads.of(known)).toMatchObject({ sessions: 1, cpuShare: 0.005, bitrate: 0 });
});

test('[CLUSTER-68] ends of carriages of other gateways count for the limits of a node, and are none of its sessions', async () => {
  const { core, known } = await oneNode();
  const elsewhere = { sessions: 2, carried: 1 };
  const loads = new NodeLoads(core.registry, new CarriedPlaces(), () => elsewhere);
  await core.publish({ room: aRoom('one') });
  expect(loads.sessionsAt(known)).toBe(3);
  expect(loads.of(known).sessions).toBe(4);
});
