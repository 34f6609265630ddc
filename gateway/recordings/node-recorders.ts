import type { MediaNode } from '../media/node.ts';
import type { Logger } from '../observability/logger.ts';
import type { RoomId, SourceId } from '../protocol/ids.ts';
import type { UnrecordedReason } from '../protocol/room-recording.ts';
import type { Nodes } from '../rooms/nodes.ts';
import type { Session } from '../rooms/session.ts';
import { RecorderOrder } from './recorder-order.ts';

/**
 * Tells media servers what to write. Plain SRS cannot be told (srs.md §9): it writes all that is
 * published, and what no recording covers is deleted.
 */
export class NodeRecorders {
  readonly #nodes: Nodes;
  readonly #log: Logger;
  /** Files of media servers that are not ours can be found. */
  readonly #seesFiles: boolean;
  readonly #followed = new Map<RoomId, readonly SourceId[] | null>();
  readonly #orders = new Map<MediaNode, Map<RoomId, RecorderOrder>>();

  constructor(deps: { nodes: Nodes; seesFiles: boolean; log: Logger }) {
    this.#nodes = deps.nodes;
    this.#seesFiles = deps.seesFiles;
    this.#log = deps.log;
  }

  /** From now on a room is written; `sources` null: all of them. */
  follow(room: RoomId, sources: readonly SourceId[] | null): void {
    this.#followed.set(room, sources);
    for (const node of this.#obedient()) this.#order(node, room).wish(sources);
  }

  /** It is not written any more. */
  leave(room: RoomId): void {
    this.#followed.delete(room);
    for (const orders of this.#orders.values()) orders.get(room)?.wish([]);
  }

  /** Another gateway decides about this room from now on. */
  forget(room: RoomId): void {
    this.#followed.delete(room);
    for (const orders of this.#orders.values()) orders.delete(room);
  }

  /** A media server begins anew: it knows nothing of before. */
  welcome(node: MediaNode): void {
    this.#forget(node);
    if (!node.recordsOnRequest) return;
    for (const [room, sources] of this.#followed) this.#order(node, room).wish(sources);
  }

  /** Media servers that have not heard are told once more. */
  async close(): Promise<void> {
    const orders = [...this.#orders.values()].flatMap((each) => [...each.values()]);
    await Promise.all(orders.map((order) => order.finish()));
  }

  /** Whether a media server ends a file when it is told to. */
  obeys(name: string): boolean {
    return this.#obedient().some((node) => node.name === name);
  }

  /** Why nothing of a publication can be recorded; null when something can. */
  whyNot({ source, node, media }: Session): string | null {
    if (node === null) {
      return `"${source}" comes by WebSocket, past the media servers: it is not recorded.`;
    }
    if (!node.recordsOnRequest && !this.#seesFiles) {
      return `"${source}" is not recorded: SRS_DVR_DIR does not say where ${node.name} writes files.`;
    }
    if (!node.recordsOnRequest && media?.video === 'av1') {
      return `"${source}" is AV1: ${node.name} records its sound alone.`;
    }
    return null;
  }

  /** The same as one of few words. */
  reasonNot(session: Session): UnrecordedReason | null {
    if (session.node === null) return 'websocket';
    return this.whyNot(session) === null ? null : 'media-server';
  }

  #obedient(): MediaNode[] {
    return this.#nodes
      .list()
      .map(({ node }) => node)
      .filter(({ recordsOnRequest }) => recordsOnRequest);
  }

  #forget(node: MediaNode): void {
    for (const order of this.#orders.get(node)?.values() ?? []) order.drop();
    this.#orders.delete(node);
  }

  #order(node: MediaNode, room: RoomId): RecorderOrder {
    const orders = this.#orders.get(node) ?? new Map<RoomId, RecorderOrder>();
    this.#orders.set(node, orders);
    const known = orders.get(room);
    if (known !== undefined) return known;
    const order = new RecorderOrder({
      node,
      room,
      onFailure: (error) => {
        this.#log.warn({ err: error, node: node.name, room }, 'media server not told');
        if (!this.#nodes.list().some((each) => each.node === node)) this.#forget(node);
      },
      onDone: () => void orders.delete(room),
    });
    orders.set(room, order);
    return order;
  }
}
