import type { Audiences } from '../rooms/audiences.ts';
import type { Session } from '../rooms/session.ts';
import type { Viewer } from './viewer.ts';

/** A publisher that is not back by then may be away for long. */
const LONGEST_WAIT_MS = 10_000;
/** 250 a second: a crowd that comes in one instant would queue at one node. */
const TURN_MS = 20;
const IN_A_TURN = 5;

/**
 * Viewers whose node was lost together with their publisher. An offer of theirs would be refused
 * until somebody publishes again: they are told then, a few at a time, or after 10 s.
 */
export class StrandedViewers {
  readonly #audiences: Audiences;
  readonly #ask: (viewer: Viewer, isLive: boolean) => void;
  /** Sources whose publisher was lost with its node a moment ago. */
  readonly #lost = new Map<string, NodeJS.Timeout>();
  readonly #due: Viewer[] = [];

  constructor(audiences: Audiences, ask: (viewer: Viewer, isLive: boolean) => void) {
    this.#audiences = audiences;
    this.#ask = ask;
  }

  /** Its publisher was lost with its node. */
  lose(publisher: Session): void {
    const key = keyOf(publisher);
    clearTimeout(this.#lost.get(key));
    this.#lost.set(key, setTimeout(() => this.#lost.delete(key), LONGEST_WAIT_MS).unref());
  }

  /** Somebody publishes. */
  find(publisher: Session): void {
    const key = keyOf(publisher);
    clearTimeout(this.#lost.get(key));
    this.#lost.delete(key);
  }

  /** Whether the publisher of this source was lost a moment ago, and none is there again. */
  hasLost(session: Session): boolean {
    return this.#lost.has(keyOf(session));
  }

  add(viewer: Viewer): void {
    const timer = setTimeout(() => {
      leave();
      this.#ask(viewer, false);
    }, LONGEST_WAIT_MS).unref();
    const leave = this.#audiences.join(viewer.session, {
      published: (transport, isLive) => {
        if (transport !== 'webrtc' || !isLive) return;
        clearTimeout(timer);
        leave();
        this.#due.push(viewer);
        if (this.#due.length === 1) setImmediate(() => this.#takeTurn());
      },
      counted: () => undefined,
    });
  }

  #takeTurn(): void {
    for (const viewer of this.#due.slice(0, IN_A_TURN)) this.#ask(viewer, true);
    setTimeout(() => {
      this.#due.splice(0, IN_A_TURN);
      if (this.#due.length > 0) this.#takeTurn();
    }, TURN_MS);
  }
}

const keyOf = ({ room, source }: Session): string => `${room}/${source}`;
