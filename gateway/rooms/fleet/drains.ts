import type { KnownNode } from '../nodes.ts';
import type { Session } from '../session.ts';
import type { Sessions } from '../sessions.ts';
import { dueAt, phaseOf, type DrainPhase, type DrainPlan } from './drain.ts';

const TICK_MS = 250;

/** How far a drain is. */
export interface DrainProgress extends DrainPlan {
  readonly phase: DrainPhase;
  readonly left: number;
}

/** Empties nodes: nothing new goes there, and what is there goes elsewhere, bit by bit. */
export class Drains {
  readonly #sessions: Sessions;
  readonly #elsewhere: (known: KnownNode) => number;
  readonly #now: () => number;
  readonly #onDone: (known: KnownNode) => void;
  readonly #plans = new Map<KnownNode, { readonly plan: DrainPlan; isDone: boolean }>();
  #timer: NodeJS.Timeout | undefined;

  constructor(deps: {
    sessions: Sessions;
    /** Sessions of other gateways, which these drain. */
    elsewhere: (known: KnownNode) => number;
    /** Epoch milliseconds. */
    now: () => number;
    /** Its last session went; told once. */
    onDone: (known: KnownNode) => void;
  }) {
    this.#sessions = deps.sessions;
    this.#elsewhere = deps.elsewhere;
    this.#now = deps.now;
    this.#onDone = deps.onDone;
  }

  /** Begins, or begins anew with another deadline. Milliseconds. */
  begin(known: KnownNode, { afterMs, spreadMs }: { afterMs: number; spreadMs: number }): void {
    const startedAt = this.#now();
    const sessions = this.#load(known);
    const plan = { startedAt, deadlineAt: startedAt + afterMs, spreadMs, sessions };
    this.#plans.set(known, { plan, isDone: false });
    this.#timer ??= setInterval(() => this.tick(), TICK_MS);
    this.tick();
  }

  /** Ends a drain where it is; false when there was none. */
  cancel(known: KnownNode): boolean {
    const wasThere = this.#plans.delete(known);
    if (this.#plans.size === 0) this.close();
    return wasThere;
  }

  progress(known: KnownNode): DrainProgress | null {
    const entry = this.#plans.get(known);
    if (entry === undefined) return null;
    const left = this.#load(known);
    return { ...entry.plan, left, phase: phaseOf(entry.plan, { now: this.#now(), left }) };
  }

  /** Tells those to come again whose time it is. */
  tick(): void {
    const now = this.#now();
    for (const [known, entry] of this.#plans) {
      for (const session of [...this.#sessions.registry.at(known.node)]) {
        const due = dueAt(entry.plan, { lot: lotOf(session), kind: session.kind });
        if (due <= now) void this.#sessions.end(session, 'moved');
      }
      if (entry.isDone || this.#sessions.registry.load(known.node) > 0) continue;
      entry.isDone = true;
      this.#onDone(known);
    }
  }

  #load(known: KnownNode): number {
    return this.#sessions.registry.load(known.node) + this.#elsewhere(known);
  }

  close(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }
}

/** Session ids are random. */
const lotOf = ({ id }: Session): number => Number.parseInt(id.slice(0, 8), 16) / 2 ** 32;
