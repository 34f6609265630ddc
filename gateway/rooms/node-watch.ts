import type { Logger } from '../observability/logger.ts';
import type { Carriages } from './fleet/carriages.ts';
import { isHealthy, type KnownNode, type Nodes } from './nodes.ts';
import { RollCall, type IsElsewhere } from './roll-call.ts';
import type { Session } from './session.ts';
import type { Sessions } from './sessions.ts';
import type { Trials } from './trials.ts';

/** How often a node is asked who it is: a restart must be seen within 2 s. */
const HEALTH_INTERVAL_MS = 500;
/** Failures in a row (1.5 s) after which a node's sessions are given up. */
const LOST_AFTER_FAILURES = 4;
/** Where nobody listens any more there is no process: the next question follows so soon. */
const REFUSED_AGAIN_MS = 150;
/**
 * Looks in a row (1.5 s) that find no answer to the one before, after which a node that hangs is given
 * up where others could take its sessions; where there are none, each counts as a failure once it
 * timed out.
 */
const LOST_AFTER_LATE = 3;

/** Looks after the nodes: whether they answer, and whether each is still the one that it was (srs.md P5). */
export class NodeWatch {
  readonly #nodes: Nodes;
  readonly #sessions: Sessions;
  readonly #rollCall: RollCall;
  readonly #log: Logger;
  readonly #onHealth: (healthy: number) => void;
  readonly #onReady: (node: KnownNode) => void;
  readonly #onLost: (node: KnownNode) => void;
  readonly #asking: UnderWay = new Map();
  readonly #calling: UnderWay = new Map();
  #timer: NodeJS.Timeout | undefined;
  #isClosed = false;
  readonly #soon = new Map<KnownNode, NodeJS.Timeout>();
  #running: Promise<void> | undefined;

  constructor(deps: {
    nodes: Nodes;
    sessions: Sessions;
    trials: Trials;
    carriages: Pick<Carriages, 'has'>;
    /** Whether a client may be another gateway's; without it there is none. */
    isElsewhere?: IsElsewhere;
    log: Logger;
    now: () => number;
    onHealth: (healthy: number) => void;
    /** A node answers for the first time, again, or as a new run. */
    onReady: (node: KnownNode) => void;
    /** Its sessions are given up; told once until it answers again. */
    onLost: (node: KnownNode) => void;
  }) {
    this.#nodes = deps.nodes;
    this.#sessions = deps.sessions;
    this.#rollCall = new RollCall(deps);
    this.#log = deps.log;
    this.#onHealth = deps.onHealth;
    this.#onReady = deps.onReady;
    this.#onLost = deps.onLost;
  }

  start(): void {
    this.#timer = setInterval(() => this.tick(), HEALTH_INTERVAL_MS);
    void this.check();
  }

  /** Looks at all nodes now; joins a look that is under way. */
  check(): Promise<void> {
    this.#running ??= Promise.all(
      this.#nodes.list().map(async (known) => {
        await this.#ask(known);
        await this.#call(known);
      }),
    )
      .then(() => undefined)
      .finally(() => {
        this.#running = undefined;
      });
    return this.#running;
  }

  /** Begins a look at each node, and notes who has not answered the one before. */
  tick(): void {
    for (const known of this.#nodes.list()) {
      if (this.#asking.has(known)) this.#wait(known);
      else void this.#ask(known).then(() => this.#call(known));
    }
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    for (const timer of this.#soon.values()) clearTimeout(timer);
    this.#isClosed = true;
    await Promise.all([this.#running, ...this.#asking.values(), ...this.#calling.values()]);
  }

  /** Who it is; joins a question that it has not answered. */
  #ask(known: KnownNode): Promise<void> {
    return joined(this.#asking, known, async () => {
      await this.#identify(known).catch((error: unknown) => this.#fail(known, error));
      this.#onHealth(this.#nodes.healthy().length);
    });
  }

  /** Whom it has; its list may take longer than one look. */
  async #call(known: KnownNode): Promise<void> {
    if (!isHealthy(known)) return;
    await joined(this.#calling, known, () =>
      this.#rollCall.hold(known).catch((error: unknown) => this.#fail(known, error)),
    );
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
    known.late = 0;
    known.detail = 'Ready.';
    if (isNews && this.#nodes.list().includes(known)) this.#onReady(known);
  }

  #fail(known: KnownNode, error: unknown): void {
    if (!this.#nodes.list().includes(known)) return;
    known.failures += 1;
    known.detail = error instanceof Error ? error.message : 'It does not answer.';
    if (known.failures === 1) {
      this.#log.warn({ node: known.node.name, why: known.detail }, 'node does not answer');
    }
    if (known.failures === LOST_AFTER_FAILURES) this.#giveUp(known);
    else if (known.failures < LOST_AFTER_FAILURES && isRefused(error)) this.#askSoon(known);
  }

  #askSoon(known: KnownNode): void {
    if (this.#isClosed) return;
    clearTimeout(this.#soon.get(known));
    const ask = (): void => {
      this.#soon.delete(known);
      void this.#ask(known);
    };
    this.#soon.set(known, setTimeout(ask, REFUSED_AGAIN_MS));
  }

  #wait(known: KnownNode): void {
    known.late += 1;
    if (known.late < LOST_AFTER_LATE || known.failures >= LOST_AFTER_FAILURES) return;
    const isAnotherThere = this.#nodes.healthy().some((other) => other.late === 0);
    if (!isAnotherThere) return;
    known.failures = LOST_AFTER_FAILURES;
    known.detail = 'It takes connections and does not answer.';
    this.#log.warn({ node: known.node.name, why: known.detail }, 'node hangs');
    this.#giveUp(known);
  }

  #giveUp(known: KnownNode): void {
    this.#onHealth(this.#nodes.healthy().length);
    this.#onLost(known);
    this.#endAll(known, () => true);
  }

  #endAll({ node }: KnownNode, matches: (session: Session) => boolean): void {
    for (const session of [...this.#sessions.registry.at(node)]) {
      if (matches(session)) void this.#sessions.end(session, 'node-lost');
    }
  }
}

/** Whether the node's machine said that nobody listens at its port. */
function isRefused(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return ('code' in error && error.code === 'ECONNREFUSED') || isRefused(error.cause);
}

type UnderWay = Map<KnownNode, Promise<void>>;

function joined(underWay: UnderWay, known: KnownNode, begin: () => Promise<void>): Promise<void> {
  const joinable = underWay.get(known);
  if (joinable !== undefined) return joinable;
  const begun = begin().finally(() => underWay.delete(known));
  underWay.set(known, begun);
  return begun;
}
