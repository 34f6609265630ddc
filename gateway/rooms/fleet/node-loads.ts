import type { NodeFigures } from '../../media/node.ts';
import { Rate } from '../../observability/figures/rate.ts';
import type { KnownNode } from '../nodes.ts';
import type { Registry } from '../registry.ts';
import type { CarriedPlaces } from './carried-places.ts';
import { NOTHING, type NodeCount } from './node-count.ts';
import type { NodeLoad } from './node-load.ts';

/** What a session costs until the node has told what it does: a publisher 0.9 %, a viewer 0.2 % (srs.md §11). */
const CPU_SHARE_OF_SESSION = 0.005;

interface Told {
  readonly rate: Rate;
  figures: NodeFigures;
  /** Null until it told twice. */
  bitrate: number | null;
  sessions: number;
}

/** What nodes carry: by their own word some seconds ago, and what was brought there since. */
export class NodeLoads {
  readonly #registry: Registry;
  readonly #carried: CarriedPlaces;
  readonly #told = new WeakMap<KnownNode, Told>();

  /** What other gateways have at a node. */
  readonly #others: (known: KnownNode) => NodeCount;

  constructor(
    registry: Registry,
    carried: CarriedPlaces,
    others: (known: KnownNode) => NodeCount = () => NOTHING,
  ) {
    this.#registry = registry;
    this.#carried = carried;
    this.#others = others;
  }

  /** What a node said of itself, at a moment in milliseconds of any clock; null: it said nothing. */
  note(known: KnownNode, figures: NodeFigures | null, at: number): void {
    if (figures === null) {
      this.#told.delete(known);
      return;
    }
    const rate = this.#told.get(known)?.rate ?? new Rate();
    const bytes = rate.perSecond(figures.sentBytes + figures.receivedBytes, at);
    const bitrate = bytes === null ? null : bytes * 8;
    this.#told.set(known, { rate, figures, bitrate, sessions: this.#clientsAt(known) });
  }

  of(known: KnownNode): NodeLoad {
    const sessions = this.#clientsAt(known);
    const told = this.#told.get(known);
    const added = Math.max(0, sessions - (told?.sessions ?? 0));
    const bitrate = told?.bitrate ?? 0;
    return {
      sessions,
      cpuShare: (told?.figures.cpuShare ?? 0) + added * CPU_SHARE_OF_SESSION,
      bitrate: bitrate + (added * bitrate) / Math.max(1, told?.sessions ?? 0),
    };
  }

  /** Sessions of all gateways, without the clients of their carriages. */
  sessionsAt(known: KnownNode): number {
    return this.#registry.load(known.node) + this.#others(known).sessions;
  }

  #clientsAt(known: KnownNode): number {
    const carried = this.#carried.clientsAt(known.node) + this.#others(known).carried;
    return this.sessionsAt(known) + carried;
  }
}
