import { GatewayError } from '../../errors.ts';
import type { NodeEntry } from '../../protocol/api/nodes.ts';
import type { NodeNews } from '../../protocol/gateway-event.ts';
import type { KnownNode, Nodes } from '../nodes.ts';
import type { Sessions } from '../sessions.ts';
import { Drains, type DrainProgress } from './drains.ts';

/** Something that was done with a node, for who does the same elsewhere. `deadlineAt` is epoch milliseconds. */
export type NodeAct = { readonly node: string } & (
  | { readonly act: 'cordon' | 'uncordon' | 'remove' }
  | { readonly act: 'drain'; readonly deadlineAt: number; readonly spreadMs: number }
  | { readonly act: 'add'; readonly entry: NodeEntry }
);

/** What operators do with nodes. A gateway that is alone forgets all of it when it is restarted. */
export class FleetDesk {
  /** Hears what is done here, but not what is done because it was done elsewhere. */
  onAct: (act: NodeAct) => void = () => undefined;
  readonly #nodes: Nodes;
  readonly #sessions: Sessions;
  readonly #drains: Drains;
  readonly #elsewhere: (known: KnownNode) => number;
  readonly #now: () => number;
  #isFollowing = false;
  readonly #tell: (type: NodeNews, known: KnownNode) => void;
  readonly #onRemoved: (known: KnownNode) => void;

  constructor(deps: {
    nodes: Nodes;
    sessions: Sessions;
    /** Sessions of other gateways at a node; none unless told. */
    sessionsElsewhere?: (known: KnownNode) => number;
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
    this.#elsewhere = deps.sessionsElsewhere ?? (() => 0);
    this.#now = deps.now;
    this.#tell = deps.tell;
    this.#onRemoved = deps.onRemoved ?? (() => undefined);
    const onDone = (known: KnownNode): void => {
      deps.tell('node.drained', known);
      deps.onDrained?.(known);
    };
    this.#drains = new Drains({ ...deps, elsewhere: this.#elsewhere, onDone });
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

  /** An operator made a server known, by this. */
  brought(known: KnownNode, entry: NodeEntry): void {
    this.#act({ act: 'add', node: known.node.name, entry });
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
    const deadlineAt = this.#now() + terms.afterMs;
    this.#act({ act: 'drain', node: known.node.name, deadlineAt, spreadMs: terms.spreadMs });
  }

  /** Does what was done at another gateway; false when the node is not known here. */
  follow(act: Exclude<NodeAct, { act: 'add' }>): boolean {
    const known = this.#nodes.named(act.node);
    if (known === undefined) return false;
    this.#isFollowing = true;
    try {
      this.#follow(known, act);
    } finally {
      this.#isFollowing = false;
    }
    return true;
  }

  #follow(known: KnownNode, act: Exclude<NodeAct, { act: 'add' }>): void {
    switch (act.act) {
      case 'cordon':
        this.cordon(known);
        return;
      case 'uncordon':
        this.uncordon(known);
        return;
      case 'remove':
        void this.remove(known, { force: true });
        return;
      case 'drain': {
        const { deadlineAt, spreadMs } = act;
        this.drain(known, { afterMs: Math.max(0, deadlineAt - this.#now()), spreadMs });
        return;
      }
    }
  }

  #act(act: NodeAct): void {
    if (!this.#isFollowing) this.onAct(act);
  }

  /** Forgets it at this gateway and the others. @throws GatewayError `node-busy` while it has sessions, unless forced: they are told to come again */
  async dismiss(known: KnownNode, { force }: { force: boolean }): Promise<void> {
    await this.remove(known, { force });
    this.#act({ act: 'remove', node: known.node.name });
  }

  /** Forgets it here. @throws GatewayError `node-busy` */
  async remove(known: KnownNode, { force }: { force: boolean }): Promise<void> {
    const sessions = [...this.#sessions.registry.at(known.node)];
    if (sessions.length + this.#elsewhere(known) > 0 && !force) {
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
    this.#act({ act: duty === 'serving' ? 'uncordon' : 'cordon', node: known.node.name });
  }
}
