import type { Session } from '../rooms/session.ts';
import type { Viewer } from './viewer.ts';

/** A publisher that is not back by then may be away for long. */
const LONGEST_WAIT_MS = 10_000;
/** 250 a second: a crowd that comes in one instant would queue at one node. */
const TURN_MS = 20;
const IN_A_TURN = 5;

/**
 * Viewers whose node was lost together with their publisher. An offer of theirs would be refused
 * until somebody publishes again: they are asked then, a few at a time, or after 10 s.
 */
export class StrandedViewers {
  readonly #ask: (viewer: Viewer, isLive: boolean) => void;
  /** By source; one whose publisher was lost a moment ago is there also without viewers. */
  readonly #lost = new Map<
    string,
    { readonly viewers: Set<Viewer>; readonly timer: NodeJS.Timeout }
  >();
  readonly #due: Viewer[] = [];

  constructor(ask: (viewer: Viewer, isLive: boolean) => void) {
    this.#ask = ask;
  }

  /** Whether the publisher of this source was lost a moment ago, and none is there again. */
  hasLost(session: Session): boolean {
    return this.#lost.has(keyOf(session));
  }

  /** Its source was lost, of which this viewer may be the first to tell. */
  add(viewer: Viewer): void {
    this.lose(viewer.session).add(viewer);
  }

  /** A source is lost with the node of its publisher: those who wait for it. */
  lose(session: Session): Set<Viewer> {
    const key = keyOf(session);
    const known = this.#lost.get(key);
    if (known !== undefined) return known.viewers;
    const viewers = new Set<Viewer>();
    const timer = setTimeout(() => {
      for (const viewer of this.#forget(key)) this.#ask(viewer, false);
    }, LONGEST_WAIT_MS).unref();
    this.#lost.set(key, { viewers, timer });
    return viewers;
  }

  /** Somebody publishes it again. */
  find(publisher: Session): void {
    const isFirst = this.#due.length === 0;
    this.#due.push(...this.#forget(keyOf(publisher)));
    if (isFirst) this.#takeTurn();
  }

  #forget(key: string): Iterable<Viewer> {
    const { viewers = [], timer } = this.#lost.get(key) ?? {};
    clearTimeout(timer);
    this.#lost.delete(key);
    return viewers;
  }

  #takeTurn(): void {
    for (const viewer of this.#due.slice(0, IN_A_TURN)) this.#ask(viewer, true);
    if (this.#due.length === 0) return;
    setTimeout(() => {
      this.#due.splice(0, IN_A_TURN);
      this.#takeTurn();
    }, TURN_MS);
  }
}

const keyOf = ({ room, source }: Session): string => `${room}/${source}`;
