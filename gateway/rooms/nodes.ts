import { GatewayError } from '../errors.ts';
import type { MediaNode, NodeIdentity } from '../media/node.ts';

/** A node and what was last known of it. */
export interface KnownNode {
  readonly node: MediaNode;
  identity: NodeIdentity | null;
  /** Health checks that failed in a row. */
  failures: number;
  /** A sentence for the admin page when it is not healthy. */
  detail: string;
}

/** The configured nodes, their health and the choice among them. */
export class Nodes {
  readonly #known: KnownNode[];

  constructor(nodes: readonly MediaNode[]) {
    this.#known = nodes.map(unasked);
  }

  /** A node that came up after the start. */
  add(node: MediaNode): void {
    this.#known.push(unasked(node));
  }

  list(): readonly KnownNode[] {
    return this.#known;
  }

  healthy(): readonly KnownNode[] {
    return this.#known.filter(isHealthy);
  }

  /** The node that a hook came from; undefined when no node has this service id. */
  byService(service: string): MediaNode | undefined {
    return this.#known.find(({ identity }) => identity?.service === service)?.node;
  }

  /**
   * The healthy node with the fewest sessions.
   * @throws GatewayError `node-unavailable` when none is healthy.
   */
  pick(load: (node: MediaNode) => number): MediaNode {
    const [first, ...others] = this.healthy();
    if (first === undefined) {
      throw new GatewayError(
        'node-unavailable',
        'No media server is ready right now. Try again in a moment.',
        { retryAfterSeconds: 2 },
      );
    }
    return others.reduce((best, { node }) => (load(node) < load(best) ? node : best), first.node);
  }
}

const unasked = (node: MediaNode): KnownNode => ({
  node,
  identity: null,
  failures: 0,
  detail: 'Not asked yet.',
});

export const isHealthy = (known: KnownNode): boolean =>
  known.identity !== null && known.failures === 0;
