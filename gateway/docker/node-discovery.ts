import type { NodeSettings } from '../config/node-settings.ts';
import type { Roster } from '../nodes/roster.ts';
import type { KnownNode, Nodes } from '../rooms/nodes.ts';
import type { Container } from './engine.ts';
import { nodePlace, type ReachTerms } from './node-place.ts';

/** What a container is to the gateway. */
interface Found {
  readonly name: string | null;
  readonly problem: string | null;
}

const UNKNOWN: Found = { name: null, problem: null };

/** Media servers in containers: each that runs is known by the door that all of them come by. */
export class NodeDiscovery {
  readonly #roster: Roster;
  readonly #nodes: Nodes;
  readonly #terms: ReachTerms;
  readonly #settings: (apiUrl: string) => NodeSettings;
  #found: ReadonlyMap<string, Found> = new Map();

  constructor(deps: {
    readonly roster: Roster;
    readonly nodes: Nodes;
    readonly terms: ReachTerms;
    /** User and password as for all nodes. */
    readonly settings: (apiUrl: string) => NodeSettings;
  }) {
    this.#roster = deps.roster;
    this.#nodes = deps.nodes;
    this.#terms = deps.terms;
    this.#settings = deps.settings;
  }

  /** All that there is now. What is missing leaves. */
  follow(containers: readonly Container[]): void {
    const found = new Map<string, Found>();
    const byHost = new Map<string, { settings: NodeSettings; id: string }>();
    for (const container of containers) {
      const place = nodePlace(container, this.#terms);
      if ('problem' in place) {
        found.set(container.id, { name: null, problem: place.problem });
        continue;
      }
      const { host: name } = new URL(place.apiUrl);
      const other = byHost.get(name);
      if (other !== undefined) {
        found.set(container.id, { name: null, problem: `Another container is at ${name}.` });
        continue;
      }
      const settings = { ...this.#settings(place.apiUrl), announced: place.announced };
      byHost.set(name, { settings, id: container.id });
      found.set(container.id, { name, problem: null });
    }
    const list = [...byHost.values()].map(({ settings }) => settings);
    for (const { node, why } of this.#roster.follow('docker', list).refused) {
      const id = byHost.get(node)?.id;
      if (id !== undefined) found.set(id, { name: null, problem: why });
    }
    this.#found = found;
  }

  /** The media server in a container. */
  nodeOf(id: string): KnownNode | undefined {
    const { name } = this.#found.get(id) ?? UNKNOWN;
    return name === null ? undefined : this.#nodes.named(name);
  }

  /** Why what is in a container is no media server of ours; null: it is one. */
  problemOf(id: string): string | null {
    return (this.#found.get(id) ?? UNKNOWN).problem;
  }
}
