import { GatewayError } from '../../errors.ts';
import type { NodeNews } from '../../protocol/gateway-event.ts';
import type { KnownNode, Nodes } from '../nodes.ts';
import type { Sessions } from '../sessions.ts';
import { Drains, type DrainProgress } from './drains.ts';

/** What operators do with nodes. All of it is forgotten when the gateway is restarted. */
export class FleetDesk {
  readonly #nodes: Nodes;
  readonly #sessions: Sessions;
  readonly #drains: Drains;
  readonly #tell: (type: NodeNews, known: KnownNode) => void;
  readonly #onRemoved: (known: KnownNode) => void;

  constructor(deps: {
    nodes: Nodes;
    sessions: Sessions;
    /** Epoch milliseconds. */
    now: () => number;
    /** Told of each change. */
    tell: (type: NodeNews, known: KnownNode) => void;
    /** The last session of a drain went. */
    onDrained?: (known: KnownNode) => void;
    onRemoved?: (known: KnownNode) => void;
  }) {
    this.#nodes = deps.nodes;
    this.#sessions = deps.sessions;
    this.#tell = deps.tell;
    this.#onRemoved = deps.onRemoved ?? (() => undefined);
    const onDone = (known: KnownNode): void => {
      deps.tell('node.drained', known);
      deps.onDrained?.(known);
    };
    this.#drains = new Drains({ ...deps, onDone });
  }

  /** @throws GatewayError `not-found` */
  find(name: string): KnownNode {
    const known = this.#nodes.named(name);
    if (known === undefined) throw new GatewayError('not-found', 'There is no such media server.');
    return known;
  }

  /** A server is known from now on. */
  added(known: KnownNode): void {
    this.#tell('node.added', known);
  }

  drainOf(known: KnownNode): DrainProgress | null {
    return this.#drains.progress(known);
  }

  /** No new source goes there; what is there stays, and is joined by viewers. Ends a drain. */
  cordon(known: KnownNode): void {
    this.#turn(known, 'cordoned', 'node.cordoned');
  }

  /** It takes new sources again. Ends a drain. */
  uncordon(known: KnownNode): void {
    this.#turn(known, 'serving', 'node.uncordoned');
  }

  /** As cordoned, and what is still there at a deadline is told to come again. Milliseconds. */
  drain(known: KnownNode, terms: { afterMs: number; spreadMs: number }): void {
    known.duty = 'draining';
    this.#tell('node.draining', known);
    this.#drains.begin(known, terms);
  }

  /** Forgets it. @throws GatewayError `node-busy` while it has sessions, unless forced: they are told to come again */
  async remove(known: KnownNode, { force }: { force: boolean }): Promise<void> {
    const sessions = [...this.#sessions.registry.at(known.node)];
    if (sessions.length > 0 && !force) {
      throw new GatewayError(
        'node-busy',
        'The media server still has sessions. Drain it first, or force it.',
      );
    }
    known.duty = 'draining';
    this.#drains.cancel(known);
    await Promise.all(sessions.map((session) => this.#sessions.end(session, 'moved')));
    this.#tell('node.removed', known);
    this.#onRemoved(known);
    await this.#nodes.remove(known);
  }

  /** Goes on with drains, as their interval does. */
  tick(): void {
    this.#drains.tick();
  }

  close(): void {
    this.#drains.close();
  }

  #turn(known: KnownNode, duty: KnownNode['duty'], type: NodeNews): void {
    this.#drains.cancel(known);
    if (known.duty === duty) return;
    known.duty = duty;
    this.#tell(type, known);
  }
}
