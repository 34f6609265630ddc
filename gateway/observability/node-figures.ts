import { Counter, Gauge, type Registry } from 'prom-client';
import type { NodeFigures, NodePackets } from '../media/node.ts';
import { isHealthy, type KnownNode, type Nodes } from '../rooms/nodes.ts';

/** A node that hangs is asked again when it has answered or failed. */
interface Asked {
  figures: NodeFigures | null;
  pending: boolean;
}

/** What nodes tell of themselves, asked for with `ask()` and read from memory. */
export class NodeFigureBook {
  readonly #nodes: Nodes;
  readonly #onTold: (known: KnownNode, figures: NodeFigures | null) => void;
  readonly #asked = new WeakMap<KnownNode, Asked>();

  /** `onTold` hears each answer; null: there was none. */
  constructor(
    nodes: Nodes,
    onTold: (known: KnownNode, figures: NodeFigures | null) => void = () => undefined,
  ) {
    this.#nodes = nodes;
    this.#onTold = onTold;
  }

  /** Asks every healthy node once; what another says nothing about is forgotten. Never rejects. */
  async ask(): Promise<void> {
    await Promise.all(this.#nodes.list().map((known) => this.#ask(known)));
  }

  /** The last answers, by the name of the node; null where there is none. */
  all(): readonly { readonly known: KnownNode; readonly figures: NodeFigures | null }[] {
    return this.#nodes
      .list()
      .map((known) => ({ known, figures: this.#asked.get(known)?.figures ?? null }));
  }

  async #ask(known: KnownNode): Promise<void> {
    const asked = this.#asked.get(known) ?? { figures: null, pending: false };
    this.#asked.set(known, asked);
    if (asked.pending) return;
    if (!isHealthy(known)) {
      asked.figures = null;
      this.#onTold(known, null);
      return;
    }
    asked.pending = true;
    asked.figures = await known.node.figures().catch(() => null);
    asked.pending = false;
    this.#onTold(known, asked.figures);
  }
}

const PACKETS = [
  ...['received', 'sent', 'unsent', 'overdue', 'missed', 'wanted', 'resent'],
] as (keyof NodePackets)[];

/** Figures of nodes; the label is the node's name, which is configuration. */
export function watchNodes(
  registry: Registry,
  book: NodeFigureBook,
  now: {
    readonly sessions: (known: KnownNode) => number;
    readonly strain: (known: KnownNode) => number;
  },
): void {
  const registers = [registry];
  const labelNames = ['node'] as const;
  type Read = (known: KnownNode, figures: NodeFigures | null) => number | null;
  const gauge = (name: string, help: string, read: Read) =>
    new Gauge({
      ...{ name: `pixelcast_node_${name}`, help, labelNames, registers },
      collect() {
        this.reset();
        for (const { known, figures } of book.all()) {
          const value = read(known, figures);
          if (value !== null) this.set({ node: known.node.name }, value);
        }
      },
    });
  const ofFigures = (read: (figures: NodeFigures) => number | null): Read => {
    return (_, figures) => (figures === null ? null : read(figures));
  };
  gauge('up', '1 while a node answers its health checks.', (known) => (isHealthy(known) ? 1 : 0));
  gauge('open', '1 while a node takes new sources.', (known) =>
    isHealthy(known) && known.duty === 'serving' ? 1 : 0,
  );
  gauge('sessions', 'Sessions of this gateway at a node.', now.sessions);
  gauge(
    'strain_ratio',
    'Largest share of what a node is to carry that it uses: 1 is all.',
    now.strain,
  );
  gauge(
    'cpu_ratio',
    'CPU that a node uses, by its own word: 1 is a core.',
    ofFigures(({ cpuShare }) => cpuShare),
  );
  gauge(
    'memory_bytes',
    'Memory of a node, by its own word.',
    ofFigures(({ memoryBytes }) => memoryBytes),
  );
  gauge(
    'clients',
    'Connections and sessions that a node counts, of this gateway or not.',
    ofFigures(({ clients }) => clients),
  );
  gauge(
    'uptime_seconds',
    'Time since a node started.',
    ofFigures(({ uptimeSeconds }) => uptimeSeconds),
  );
  gauge(
    'event_loop_delay_seconds',
    'How late timers fire at an embedded engine, p99 of some seconds.',
    ofFigures(({ eventLoopDelayMs: ms }) => (ms === null ? null : ms / 1000)),
  );
  new Counter({
    name: 'pixelcast_node_bytes_total',
    help: 'Bytes of a node since its start, by its own word.',
    labelNames: ['node', 'direction'] as const,
    registers,
    collect() {
      this.reset();
      for (const { known, figures } of book.all()) {
        if (figures === null) continue;
        this.inc({ node: known.node.name, direction: 'in' }, figures.receivedBytes);
        this.inc({ node: known.node.name, direction: 'out' }, figures.sentBytes);
      }
    },
  });
  new Counter({
    name: 'pixelcast_node_packets_total',
    help: 'RTP and RTCP packets of an embedded engine by what became of them.',
    labelNames: ['node', 'what'] as const,
    registers,
    collect() {
      this.reset();
      for (const { known, figures } of book.all()) {
        const packets = figures?.packets;
        if (packets == null) continue;
        for (const what of PACKETS) this.inc({ node: known.node.name, what }, packets[what]);
      }
    },
  });
}
