import type { MediaNode, NodeHook, RecordedFile } from '../media/node.ts';
import type { Logger } from '../observability/logger.ts';
import type { Nodes } from './nodes.ts';
import type { Carriages } from './fleet/carriages.ts';
import type { NodePlace } from './session.ts';
import type { Sessions } from './sessions.ts';
import type { Trials } from './trials.ts';

type CarriageHooks = Pick<Carriages, 'confirm' | 'left'>;

/** Whose a client at a node is: of an offer that is under way, or the end of a carriage. */
export type Admitted = 'offer' | 'carriage';

/** Attempts to remove a refused client, and the growing pause before each. */
const REMOVAL_ATTEMPTS = 5;
const REMOVAL_PAUSE_MS = 200;

/**
 * Answers the hooks of nodes. A publish or play is allowed only with the ticket of an offer that
 * is under way here; everything else is refused, and a refused publisher is removed from its node,
 * which would keep the name busy for 30 s (srs.md P1).
 */
export class HookDesk {
  readonly #sessions: Sessions;
  readonly #trials: Trials;
  readonly #carriages: CarriageHooks;
  readonly #nodes: Nodes;
  readonly #onFile: (file: RecordedFile) => void;
  readonly #onAdmitted: (place: NodePlace, as: Admitted) => void;
  readonly #log: Logger;
  readonly #removals = new Set<Promise<void>>();
  #closed = false;

  constructor(deps: {
    sessions: Sessions;
    trials: Trials;
    carriages: CarriageHooks;
    nodes: Nodes;
    /** A node wrote a file of a publication; its client id may be another's (srs.md §7.3). */
    onFile: (file: RecordedFile) => void;
    /** A client at a node is ours. */
    onAdmitted?: (place: NodePlace, as: Admitted) => void;
    log: Logger;
  }) {
    this.#sessions = deps.sessions;
    this.#trials = deps.trials;
    this.#carriages = deps.carriages;
    this.#nodes = deps.nodes;
    this.#onFile = deps.onFile;
    this.#onAdmitted = deps.onAdmitted ?? (() => undefined);
    this.#log = deps.log;
  }

  /** Whether the node may go on. Answers at once: SRS waits, and a late answer is a refusal. */
  handle(hook: NodeHook): 'allow' | 'deny' {
    switch (hook.event) {
      case 'publish':
        return this.#admit(hook, 'publish');
      case 'play':
        return this.#admit(hook, 'watch');
      case 'unpublish':
      case 'stop':
        this.#forget(hook);
        return 'allow';
      case 'connect':
        // RTMP cannot bring a ticket that we issued.
        return 'deny';
      case 'close':
        return 'allow';
      case 'dvr':
        if (hook.recorded !== undefined) this.#onFile(hook.recorded);
        return 'allow';
      default:
        return hook.event satisfies never;
    }
  }

  /** Resolves when no removal is under way. */
  async close(): Promise<void> {
    this.#closed = true;
    await Promise.all(this.#removals);
  }

  #admit(hook: NodeHook, kind: 'publish' | 'watch'): 'allow' | 'deny' {
    const { ticket, room, source, service, clientId, call } = hook;
    const place = { service, clientId };
    const use = ticket === null ? null : { ticket, kind, room, source };
    const isOffer =
      use !== null &&
      (this.#sessions.confirm(use, place, call) || this.#trials.confirm(use, place));
    if (isOffer || (use !== null && this.#carriages.confirm(use, place))) {
      this.#onAdmitted(place, isOffer ? 'offer' : 'carriage');
      return 'allow';
    }
    this.#log.warn(
      { event: hook.event, room, client: clientId, request: call?.request },
      'refused a client without ticket',
    );
    if (kind === 'publish') this.#removeSoon(hook);
    return 'deny';
  }

  /** Of a session that we ended or never had, this is noise (srs.md P5). */
  #forget({ service, clientId }: NodeHook): void {
    const session = this.#sessions.registry.byPlace({ service, clientId });
    if (session !== undefined) void this.#sessions.end(session, 'left');
    else this.#carriages.left({ service, clientId });
  }

  #removeSoon({ service, clientId }: NodeHook): void {
    const node = this.#nodes.byService(service);
    if (node === undefined) return;
    const removal = this.#remove(node, clientId).finally(() => this.#removals.delete(removal));
    this.#removals.add(removal);
  }

  /** Never before the node has read our refusal: SRS 6 uses the session until then. */
  async #remove(node: MediaNode, clientId: string): Promise<void> {
    for (let attempt = 0; attempt < REMOVAL_ATTEMPTS && !this.#closed; attempt += 1) {
      const { promise, resolve } = Promise.withResolvers<undefined>();
      setTimeout(resolve, REMOVAL_PAUSE_MS * (attempt + 1), undefined);
      await promise;
      if (await node.remove(clientId).catch(() => false)) return;
    }
  }
}
