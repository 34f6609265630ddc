import type { RoomId, SourceId } from '../protocol/ids.ts';
import type { InspectedClient } from '../media/node.ts';
import type { KnownNode, Nodes } from './nodes.ts';
import { busy } from './refusals.ts';
import type { Registry } from './registry.ts';
import type { Trials } from './trials.ts';

/** A client of a media server that held a name. */
export interface Freed {
  readonly node: string;
  readonly client: string;
  readonly type: string;
}

/**
 * Removes what publishes a source at any healthy node and is no session of ours, by WebRTC or not:
 * it keeps the name busy (srs.md P1, P15). What cannot be asked or removed is left out.
 * @throws GatewayError `source-busy` while an offer for the name is under way: its client is not
 *   known yet, and SRS 6 uses it after a removal.
 */
export async function freeSource(
  deps: {
    readonly registry: Registry;
    readonly trials: Pick<Trials, 'has'>;
    readonly nodes: Nodes;
  },
  { room, source }: { readonly room: RoomId; readonly source: SourceId },
): Promise<readonly Freed[]> {
  const isOffering = (): boolean =>
    deps.registry.room(room)?.publisherOf(source, 'webrtc')?.state.kind === 'offering';
  if (isOffering()) throw busy();
  const freed = await Promise.all(
    deps.nodes.healthy().map(async (known) => {
      const clients = await known.node.inspection.clients().catch(() => []);
      if (isOffering()) return [];
      const strangers = clients.filter(
        (client) =>
          client.publishes && client.path === `${room}/${source}` && !isOurs(deps, known, client),
      );
      return await removeAll(known, strangers);
    }),
  );
  return freed.flat();
}

function isOurs(
  { registry, trials }: { readonly registry: Registry; readonly trials: Pick<Trials, 'has'> },
  { identity }: KnownNode,
  { id }: InspectedClient,
): boolean {
  const place = { service: identity?.service ?? '', clientId: id };
  return registry.byPlace(place) !== undefined || trials.has(place);
}

async function removeAll(
  { node }: KnownNode,
  clients: readonly InspectedClient[],
): Promise<readonly Freed[]> {
  const removed = await Promise.all(
    clients.map(async ({ id, type }) => {
      const isGone = await node.remove(id).catch(() => false);
      return isGone ? [{ node: node.name, client: id, type }] : [];
    }),
  );
  return removed.flat();
}
