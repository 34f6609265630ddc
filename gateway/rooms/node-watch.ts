import type { Logger } from '../observability/logger.ts';
import { LIMITS } from '../limits/limits.ts';
import type { MediaNode, NodeClient } from '../media/node.ts';
import { isHealthy, type KnownNode, type Nodes } from './nodes.ts';
import type { Session } from './session.ts';
import type { Sessions } from './sessions.ts';
import type { Trials } from './trials.ts';

/** How often a node is asked who it is: a restart must be seen within 2 s. */
const HEALTH_INTERVAL_MS = 500;
/** How often the node's list is held against ours; SRS's byte counters move every 5 s. */
const RECONCILE_INTERVAL_MS = 3_000;
/** The same while a publisher is coming up, so that its source is shown live soon. */
const CONNECTING_INTERVAL_MS = 500;
/** Failures in a row (1.5 s) after which a node's sessions are given up. */
const LOST_AFTER_FAILURES = 4;
/** A session just answered may not be listed yet. */
const LISTED_WITHIN_MS = 2_000;
/** Times a client must be listed and unknown before it is an orphan: its hook may be on the way. */
const ORPHAN_SIGHTINGS = 2;

/**
 * Holds our sessions against the nodes: hooks are sent once and may be lost, and a node may
 * restart (srs.md P5).
 */
export class NodeWatch {
  readonly #nodes: Nodes;
  readonly #sessions: Sessions;
  readonly #trials: Trials;
  readonly #log: Logger;
  readonly #now: () => number;
  readonly #onHealth: (healthy: number) => void;
  readonly #onReady: (node: MediaNode) => void;
  readonly #orphans = new Map<string, number>();
  readonly #reconciledAt = new Map<KnownNode, number>();
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> | undefined;

  constructor(deps: {
    nodes: Nodes;
    sessions: Sessions;
    trials: Trials;
    log: Logger;
    now: () => number;
    onHealth: (healthy: number) => void;
    /** A node answers for the first time, again, or as a new run. */
    onReady: (node: MediaNode) => void;
  }) {
    this.#nodes = deps.nodes;
    this.#sessions = deps.sessions;
    this.#trials = deps.trials;
    this.#log = deps.log;
    this.#now = deps.now;
    this.#onHealth = deps.onHealth;
    this.#onReady = deps.onReady;
  }

  start(): void {
    this.#timer = setInterval(() => void this.check(), HEALTH_INTERVAL_MS);
    void this.check();
  }

  /** Looks at all nodes now; joins a look that is under way. */
  check(): Promise<void> {
    this.#running ??= Promise.all(this.#nodes.list().map((known) => this.#look(known)))
      .then(() => this.#onHealth(this.#nodes.healthy().length))
      .finally(() => {
        this.#running = undefined;
      });
    return this.#running;
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    await this.#running;
  }

  async #look(known: KnownNode): Promise<void> {
    try {
      await this.#identify(known);
      if (this.#isReconcileDue(known)) await this.#reconcile(known);
    } catch (error) {
      this.#fail(known, error);
    }
  }

  async #identify(known: KnownNode): Promise<void> {
    const identity = await known.node.identify();
    const before = known.identity;
    if (before !== null && before.service !== identity.service) {
      this.#log.warn({ node: known.node.name }, 'node restarted, its sessions are gone');
      this.#endAll(known, (session) => session.place?.service === before.service);
    }
    const isNews = !isHealthy(known) || before?.service !== identity.service;
    if (!isHealthy(known)) {
      this.#log.info({ node: known.node.name, version: identity.version }, 'node ready');
    }
    known.identity = identity;
    known.failures = 0;
    known.detail = 'Ready.';
    if (isNews) this.#onReady(known.node);
  }

  #fail(known: KnownNode, error: unknown): void {
    known.failures += 1;
    known.detail = error instanceof Error ? error.message : 'It does not answer.';
    if (known.failures === 1) {
      this.#log.warn({ node: known.node.name, why: known.detail }, 'node does not answer');
    }
    if (known.failures === LOST_AFTER_FAILURES) this.#endAll(known, () => true);
  }

  #endAll({ node }: KnownNode, matches: (session: Session) => boolean): void {
    for (const session of this.#sessions.registry.sessions()) {
      if (session.node === node && matches(session)) void this.#sessions.end(session, 'node-lost');
    }
  }

  #isReconcileDue(known: KnownNode): boolean {
    const elapsed = this.#now() - (this.#reconciledAt.get(known) ?? 0);
    if (elapsed >= RECONCILE_INTERVAL_MS) return true;
    return (
      elapsed >= CONNECTING_INTERVAL_MS &&
      this.#sessions.registry
        .sessions()
        .some((session) => session.kind === 'publish' && session.state.kind === 'connecting')
    );
  }

  async #reconcile(known: KnownNode): Promise<void> {
    this.#reconciledAt.set(known, this.#now());
    const service = known.identity?.service ?? '';
    const before = this.#sessions.registry.sessions();
    const clients = new Map(
      (await known.node.clients()).map((client) => [client.clientId, client]),
    );
    for (const session of before) {
      if (session.node === known.node) this.#compare(session, service, clients);
    }
    await this.#removeOrphans(known, service, clients);
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
        !this.#trials.has({ service, clientId }),
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
      this.#log.warn({ node: node.name, client: clientId }, 'removing a client nobody knows');
      await node.remove(clientId);
    }
  }
}
