import type { AnnouncedAddress } from '../addresses/announced-address.ts';
import type { MediaNode, NodeIdentity } from '../media/node.ts';
import type { NodeOrigin } from '../protocol/api/nodes.ts';
import { NO_LIMITS, type NodeLimits } from './fleet/node-load.ts';

/** What a node is for: all, no new sources, or it is being emptied. */
export type NodeDuty = 'serving' | 'cordoned' | 'draining';

/** What is settled about a node when it is made known. */
export interface NodeTerms {
  /** The most that it is to carry. */
  readonly limits: NodeLimits;
  /** What clients are told in place of its own addresses; undefined: by the setting for all. */
  readonly announced: readonly AnnouncedAddress[] | undefined;
  /** Where its API is; '' where nobody asks. */
  readonly apiUrl: string;
  /** Who told of it. */
  readonly origin: NodeOrigin;
}

/** A node and what was last known of it. */
export interface KnownNode extends NodeTerms {
  readonly node: MediaNode;
  limits: NodeLimits;
  identity: NodeIdentity | null;
  /** Health checks that failed in a row. */
  failures: number;
  /** Looks in a row that found it without an answer to the one before. */
  late: number;
  /** Sessions that the gateway tried there in vain, in a row. */
  trialFailures: number;
  /** A sentence for the admin page when it is not healthy. */
  detail: string;
  duty: NodeDuty;
  /** Why it takes no new source until that is over; null: it does, as its duty says. */
  hold: string | null;
}

const NO_TERMS: NodeTerms = {
  limits: NO_LIMITS,
  announced: undefined,
  apiUrl: '',
  origin: 'settings',
};

/** The nodes that are known now, and their health. */
export class Nodes {
  #known: readonly KnownNode[];

  constructor(nodes: readonly MediaNode[]) {
    this.#known = nodes.map((node) => unasked(node, NO_TERMS));
  }

  /** A node that is known from now on. */
  add(node: MediaNode, terms: Partial<NodeTerms> = {}): KnownNode {
    const known = unasked(node, { ...NO_TERMS, ...terms });
    this.#known = [...this.#known, known];
    return known;
  }

  /** Forgets a node and lets go of the connections to it. */
  async remove(known: KnownNode): Promise<void> {
    this.#known = this.#known.filter((each) => each !== known);
    await known.node.close();
  }

  /** In the order in which they became known. */
  list(): readonly KnownNode[] {
    return this.#known;
  }

  /** Lets go of the connections to all of them. */
  async close(): Promise<void> {
    await Promise.all(this.#known.map(({ node }) => node.close()));
  }

  healthy(): readonly KnownNode[] {
    return this.#known.filter(isHealthy);
  }

  of(node: MediaNode): KnownNode | undefined {
    return this.#known.find((known) => known.node === node);
  }

  /** By the name that administrators see. */
  named(name: string): KnownNode | undefined {
    return this.#known.find(({ node }) => node.name === name);
  }

  /** The node that a hook came from; undefined when no node has this service id. */
  byService(service: string): MediaNode | undefined {
    return this.ofService(service)?.node;
  }

  /** By the service id of its run. */
  ofService(service: string): KnownNode | undefined {
    return this.#known.find(({ identity }) => identity?.service === service);
  }
}

const unasked = (node: MediaNode, terms: NodeTerms): KnownNode => ({
  ...terms,
  node,
  identity: null,
  failures: 0,
  late: 0,
  trialFailures: 0,
  detail: 'Not asked yet.',
  duty: 'serving',
  hold: null,
});

/** How administrators call a node: host and port of its API, never a password. */
export const nameOf = (apiUrl: string): string => new URL(apiUrl).host;

export const isHealthy = (known: KnownNode): boolean =>
  known.identity !== null && known.failures === 0;
