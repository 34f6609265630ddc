import type { Session } from '../session.ts';

/** How many watch a source or are about to: by WebRTC, and by `/ws/media`. */
export interface DemandCount {
  readonly viewers: number;
  readonly websocket: number;
}

/** Who wants a source's media. */
export class Demand {
  readonly #watching = new Set<Session>();
  /** By `/ws/media`, where a page says what it wants. */
  readonly #wanting = new Set<Session>();
  #bySocket = 0;
  #arriving = 0;

  /** Sessions that watch, in all modes and whatever they want. */
  get watching(): number {
    return this.#watching.size;
  }

  get isEmpty(): boolean {
    return this.#watching.size === 0 && this.#arriving === 0;
  }

  get count(): DemandCount {
    const viewers = this.#watching.size - this.#bySocket + this.#arriving;
    return { viewers, websocket: this.#wanting.size };
  }

  add(session: Session): void {
    this.#watching.add(session);
    if (session.transport !== 'websocket') return;
    this.#bySocket += 1;
    this.#wanting.add(session);
  }

  /** False when it did not watch. */
  delete(session: Session): boolean {
    if (!this.#watching.delete(session)) return false;
    if (session.transport === 'websocket') this.#bySocket -= 1;
    this.#wanting.delete(session);
    return true;
  }

  /** Whether one by `/ws/media` wants a picture or sound. */
  want(session: Session, wanted: boolean): void {
    if (!this.#watching.has(session)) return;
    if (wanted) this.#wanting.add(session);
    else this.#wanting.delete(session);
  }

  /** Counts one whose offer is under way; call the result once, when it is over. */
  arrive(): () => void {
    this.#arriving += 1;
    return () => void (this.#arriving -= 1);
  }
}
