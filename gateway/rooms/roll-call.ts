import { LIMITS } from '../limits/limits.ts';
import type { NodeClient } from '../media/node.ts';
import type { Logger } from '../observability/logger.ts';
import type { Carriages } from './fleet/carriages.ts';
import type { KnownNode } from './nodes.ts';
import type { NodePlace, Session } from './session.ts';
import type { Sessions } from './sessions.ts';
import type { Trials } from './trials.ts';

/** How often the node's list is held against ours; SRS's byte counters move every 5 s. */
const INTERVAL_MS = 3_000;
/** The same while a publisher is coming up, so that its source is shown live soon. */
const CONNECTING_INTERVAL_MS = 500;
/** A session just answered may not be listed yet. */
const LISTED_WITHIN_MS = 2_000;
/** Times a client must be listed and unknown before it is an orphan: its hook may be on the way. */
const ORPHAN_SIGHTINGS = 2;

/** Whether a client of a node, at a path of `room/source`, may be another gateway's. */
export type IsElsewhere = (place: NodePlace, path: string) => Promise<boolean>;

/** Holds our sessions against the clients that nodes list: hooks are sent once and may be lost. */
export class RollCall {
  readonly #sessions: Sessions;
  readonly #trials: Trials;
  readonly #carriages: Pick<Carriages, 'has'>;
  readonly #isElsewhere: IsElsewhere;
  readonly #log: Logger;
  readonly #now: () => number;
  readonly #orphans = new Map<string, number>();
  readonly #calledAt = new WeakMap<KnownNode, number>();

  constructor(deps: {
    sessions: Sessions;
    trials: Trials;
    carriages: Pick<Carriages, 'has'>;
    /** Without it there is no other gateway. */
    isElsewhere?: IsElsewhere;
    log: Logger;
    now: () => number;
  }) {
    this.#sessions = deps.sessions;
    this.#trials = deps.trials;
    this.#carriages = deps.carriages;
    this.#isElsewhere = deps.isElsewhere ?? (() => Promise.resolve(false));
    this.#log = deps.log;
    this.#now = deps.now;
  }

  /** Asks a node for its list if it is time. @throws what the node does */
  async hold(known: KnownNode): Promise<void> {
    if (!this.#isDue(known)) return;
    this.#calledAt.set(known, this.#now());
    const service = known.identity?.service ?? '';
    const before = [...this.#sessions.registry.at(known.node)];
    const clients = new Map(
      (await known.node.clients()).map((client) => [client.clientId, client]),
    );
    for (const session of before) this.#compare(session, service, clients);
    await this.#removeOrphans(known, service, clients);
  }

  #isDue(known: KnownNode): boolean {
    const elapsed = this.#now() - (this.#calledAt.get(known) ?? 0);
    if (elapsed >= INTERVAL_MS) return true;
    return elapsed >= CONNECTING_INTERVAL_MS && this.#isPublisherComing(known);
  }

  #isPublisherComing({ node }: KnownNode): boolean {
    for (const { kind, state } of this.#sessions.registry.at(node)) {
      if (kind === 'publish' && state.kind === 'connecting') return true;
    }
    return false;
  }

  #compare(session: Session, service: string, clients: ReadonlyMap<string, NodeClient>): void {
    const { place, state } = session;
    if (place === null || (state.kind !== 'connecting' && state.kind !== 'live')) return;
    const client = place.service === service ? clients.get(place.clientId) : undefined;
    if (client === undefined) {
      if (state.kind === 'connecting' && this.#now() - state.answeredAt < LISTED_WITHIN_MS) return;
      void this.#sessions.end(session, 'left');
    } else if (client.active) {
      this.#sessions.setLive(session);
      this.#sessions.setLayers(session, client.layers);
    } else if (
      session.kind === 'publish' &&
      state.kind === 'connecting' &&
      this.#now() - state.answeredAt > LIMITS.connectMs
    ) {
      void this.#sessions.end(session, 'never-connected');
    }
  }

  async #removeOrphans(
    { node }: KnownNode,
    service: string,
    clients: ReadonlyMap<string, NodeClient>,
  ): Promise<void> {
    const unknown = [...clients.keys()].filter(
      (clientId) =>
        this.#sessions.registry.byPlace({ service, clientId }) === undefined &&
        !this.#trials.has({ service, clientId }) &&
        !this.#carriages.has({ service, clientId }),
    );
    const seen = new Map(
      unknown.map((id) => [`${service}/${id}`, (this.#orphans.get(`${service}/${id}`) ?? 0) + 1]),
    );
    for (const key of this.#orphans.keys()) {
      if (key.startsWith(`${service}/`) && !seen.has(key)) this.#orphans.delete(key);
    }
    for (const clientId of unknown) {
      const sightings = seen.get(`${service}/${clientId}`) ?? 0;
      this.#orphans.set(`${service}/${clientId}`, sightings);
      if (sightings < ORPHAN_SIGHTINGS) continue;
      const path = clients.get(clientId)?.path ?? '';
      if (await this.#isElsewhere({ service, clientId }, path)) continue;
      // Its room may have come here meanwhile.
      if (this.#sessions.registry.byPlace({ service, clientId }) !== undefined) continue;
      this.#log.warn({ node: node.name, client: clientId }, 'removing a client nobody knows');
      await node.remove(clientId);
    }
  }
}
