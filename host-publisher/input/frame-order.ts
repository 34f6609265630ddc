import type { InputEvent, InputFrame } from '../../gateway/protocol/input.ts';

/** How a frame stands to those of its epoch that came before it. */
export interface FrameTurn {
  /** Its motion is the newest. */
  readonly isNewest: boolean;
  /** Those of its events that have not come before. */
  readonly events: readonly InputEvent[];
}

/** What came of one epoch. */
export class FrameOrder {
  #heldSequence = -1;
  #sequence = -1;
  #events = 0;
  #heardAtMs = -Infinity;

  /** When a frame of this epoch came last. */
  get heardAtMs(): number {
    return this.#heardAtMs;
  }

  /** Events that were taken or made good, in all. */
  get events(): number {
    return this.#events;
  }

  /** Null: it is doubled or late, and says nothing new. */
  take(frame: InputFrame, nowMs: number): FrameTurn | null {
    const { sequence, held, events, eventsBefore } = frame;
    this.#heardAtMs = nowMs;
    const isNewest = sequence > this.#sequence;
    if (held === undefined ? !isNewest : sequence <= this.#heldSequence) return null;
    this.#sequence = Math.max(this.#sequence, sequence);
    if (held === undefined) return { isNewest, events: [] };
    this.#heldSequence = sequence;
    const known = Math.max(0, this.#events - eventsBefore);
    this.#events = Math.max(this.#events, eventsBefore + events.length);
    return { isNewest, events: events.slice(known) };
  }
}
