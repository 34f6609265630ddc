import type { InputFrame } from '../protocol/input.ts';

interface Seen {
  /** Sequence of the newest frame with `held`, and of the newest one of any kind. */
  held: number;
  newest: number;
  /** Events that came, in all. */
  events: number;
}

/** A viewer has a lease for each device at most; one more is on its way. */
const EPOCHS = 4;

/** Frames of one viewer that come by two ways: each counts once, and in order. */
export class FrameCopies {
  readonly #epochs = new Map<number, Seen>();

  /**
   * False: it came before, or is older than what came. A frame by the channel that leaves out events
   * which are still on their way by the socket is left to the socket too.
   */
  isNew(frame: InputFrame, way: 'socket' | 'channel'): boolean {
    const seen = this.#seen(frame.epoch);
    const { sequence, eventsBefore, events, held } = frame;
    if (held === undefined) {
      if (sequence <= seen.newest) return false;
    } else {
      if (sequence <= seen.held) return false;
      if (way === 'channel' && eventsBefore > seen.events) return false;
      seen.held = sequence;
      seen.events = Math.max(seen.events, eventsBefore + events.length);
    }
    seen.newest = Math.max(seen.newest, sequence);
    return true;
  }

  #seen(epoch: number): Seen {
    const known = this.#epochs.get(epoch);
    if (known !== undefined) return known;
    const seen = { held: -1, newest: -1, events: 0 };
    this.#epochs.set(epoch, seen);
    const [oldest = epoch] = this.#epochs.keys();
    if (this.#epochs.size > EPOCHS) this.#epochs.delete(oldest);
    return seen;
  }
}
