import { describe, expect } from 'vitest';
import { SrsNode } from '../../gateway/media/srs/srs-node.ts';
import { NodeTransport } from '../../gateway/media/srs/transport.ts';
import { RoomId, SourceId } from '../../gateway/protocol/ids.ts';
import { freeSource } from '../../gateway/rooms/free-source.ts';
import { Nodes } from '../../gateway/rooms/nodes.ts';
import { Registry } from '../../gateway/rooms/registry.ts';
import { contractTest as test } from '../support/contract/contract-test.ts';
import type { SrsTarget } from '../support/contract/srs-target.ts';
import { waitFor } from '../support/wait-for.ts';

async function aNode({ origin, login }: SrsTarget): Promise<{ node: SrsNode; nodes: Nodes }> {
  const [user, password] = login?.split(':') ?? [];
  const urls = { apiUrl: origin, signallingUrl: origin };
  const node = new SrsNode('node', new NodeTransport({ ...urls, user, password }), () => undefined);
  const nodes = new Nodes([node]);
  for (const known of nodes.list()) known.identity = await node.identify();
  return { node, nodes };
}

/** What administrators read of a node, and how they free a name there (srs.md §8, P1). */
export function describeSteering(): void {
  describe('steering', () => {
    test('[API-09] summaries, streams, clients and vhosts are read alike', async ({ srs }) => {
      const { node } = await aNode(srs.target);
      const streams = Array.from({ length: 12 }, () => srs.newStream());
      for (const stream of streams) expect((await srs.whip(stream)).status).toBe(201);
      const { inspection } = node;
      const summary = await inspection.summary();
      expect(summary.version).toMatch(/^\d+\.\d+\.\d+$/);
      expect(summary.memoryBytes).toBeGreaterThan(1_000_000);
      expect(summary.machine.cpus).toBeGreaterThan(0);
      const paths = (await inspection.streams()).map(({ path }) => path);
      expect(paths).toEqual(expect.arrayContaining(streams.map((stream) => `live/${stream}`)));
      const clients = await inspection.clients();
      const own = clients.filter(({ path }) => streams.some((stream) => path.endsWith(stream)));
      expect(own.map(({ type, publishes }) => [type, publishes])).toEqual(
        streams.map(() => ['rtc-publish', true]),
      );
      const [vhost] = await inspection.vhosts();
      expect(vhost?.clients).toBeGreaterThanOrEqual(12);
      await node.close();
    });

    test('[API-08] a name that a refused publisher keeps is freed at once', async ({ srs }) => {
      const { node, nodes } = await aNode(srs.target);
      const { hooks, traits } = srs.target;
      const stream = srs.newStream();
      hooks.answer(stream, 'on_publish', { body: '{"code":1}' });
      expect((await srs.whip(stream)).status).not.toBe(201);
      hooks.answer(stream, 'on_publish', { body: '0' });
      const place = { room: RoomId.parse('live'), source: SourceId.parse(stream) };
      const nobody = { registry: new Registry(), trials: { has: () => false } };
      const freed = await freeSource({ ...nobody, nodes }, place);
      expect(freed).toHaveLength(traits.refusedPublishHoldsName ? 1 : 0);
      await waitFor(async () => (await srs.whip(stream)).status === 201, { what: 'the free name' });
      expect(await freeSource({ ...nobody, nodes }, place)).toMatchObject([
        { type: 'rtc-publish' },
      ]);
      expect(await srs.clientsOf(stream)).toEqual([]);
      await node.close();
    });
  });
}
