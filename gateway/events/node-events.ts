import type { KnownNode } from '../rooms/nodes.ts';
import type { NodeNews } from '../protocol/gateway-event.ts';
import type { EventBus } from './event-bus.ts';

/** Tells of nodes that come up and go down; a restart is both. */
export class NodeEvents {
  readonly #bus: EventBus;
  /** The service id of each node that is up. */
  readonly #up = new Map<KnownNode, string>();

  constructor(bus: EventBus) {
    this.#bus = bus;
  }

  /** It answers: for the first time, again, or as a new run. */
  ready(known: KnownNode): void {
    const service = known.identity?.service ?? '';
    const before = this.#up.get(known);
    if (before === service) return;
    if (before !== undefined) this.#tell('node.down', known, 'It was restarted.');
    this.#up.set(known, service);
    this.#tell('node.up', known, known.detail);
  }

  /** It is given up. */
  lost(known: KnownNode): void {
    if (this.#up.delete(known)) this.#tell('node.down', known, known.detail);
  }

  /** An operator did something with it, or it came of that. */
  told(type: NodeNews, known: KnownNode): void {
    if (type === 'node.removed') this.#up.delete(known);
    this.#tell(type, known, known.detail);
  }

  #tell(type: NodeNews, known: KnownNode, detail: string): void {
    const version = known.identity?.version ?? null;
    this.#bus.publish({ type, data: { node: known.node.name, version, detail } });
  }
}
