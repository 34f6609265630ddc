import { z } from 'zod';
import type { NodeCount } from '../rooms/fleet/node-count.ts';
import type { ClusterNews } from './homes.ts';

/** Changes are told together, and all is told anew now and then. */
const TELL_MS = 100;
const ANEW_MS = 1_000;
/** What a gateway said counts so long. */
const LIFE_MS = 5_000;

const Count = z.object({ sessions: z.int().min(0), carried: z.int().min(0) });
const Counts = z.record(z.string(), Count);

export interface NodeCountsParts {
  readonly news: ClusterNews;
  /** What this gateway has at each node, by the run of the node. */
  readonly own: () => Readonly<Record<string, NodeCount>>;
  /** Milliseconds of a clock that never goes back. */
  readonly now: () => number;
}

/** What the other gateways have at each node, some 100 ms ago. */
export class NodeCounts {
  readonly #parts: NodeCountsParts;
  readonly #others = new Map<
    string,
    { readonly counts: Readonly<Record<string, NodeCount>>; readonly at: number }
  >();
  #told = '';
  #toldAt = -Infinity;
  #timer: NodeJS.Timeout | undefined;

  constructor(parts: NodeCountsParts) {
    this.#parts = parts;
    parts.news.hear('node-counts', (text, from) => this.#hear(text, from));
  }

  start(): void {
    this.#timer = setInterval(() => this.#tell(), TELL_MS).unref();
  }

  /** All of them together, at a run of a node. */
  of(service: string | undefined): NodeCount {
    const sum = { sessions: 0, carried: 0 };
    if (service === undefined) return sum;
    const since = this.#parts.now() - LIFE_MS;
    for (const [name, { counts, at }] of this.#others) {
      if (at < since) this.#others.delete(name);
      else {
        sum.sessions += counts[service]?.sessions ?? 0;
        sum.carried += counts[service]?.carried ?? 0;
      }
    }
    return sum;
  }

  close(): void {
    clearInterval(this.#timer);
  }

  #tell(): void {
    const { news, own, now } = this.#parts;
    const text = JSON.stringify(own());
    if (text === this.#told && now() - this.#toldAt < ANEW_MS) return;
    this.#told = text;
    this.#toldAt = now();
    void news.tell('node-counts', text);
  }

  #hear(text: string, from: string): void {
    const counts = Counts.safeParse(jsonOf(text)).data;
    if (counts !== undefined) this.#others.set(from, { counts, at: this.#parts.now() });
  }
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
