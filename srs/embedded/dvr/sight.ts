import type { EncodedFrame } from './depacketize/frame.ts';
import type { Sample } from './movie.ts';

const RATE = 90;
const USUAL_TICKS = 3_000;
/** Where no picture follows, the last one is given to the file after this. */
const HELD_MS = 500;

/** A publication's pictures as samples; each lasts until the next one. */
export class Sight {
  #samples: Sample[] = [];
  #held: Omit<Sample, 'duration'> | null = null;
  #heldAtMs = 0;

  add(frame: EncodedFrame, placeMs: number): void {
    const place = Math.max(0, Math.round(placeMs * RATE));
    const at = this.#held === null ? place : Math.max(place, this.#held.at + 1);
    this.#release(at);
    this.#held = { data: frame.data, at, key: frame.picture !== null };
    this.#heldAtMs = frame.atMs;
  }

  /** `nowMs` in the terms of arrivals; infinite at the end. */
  take(nowMs: number): Sample[] {
    if (this.#held !== null && nowMs - this.#heldAtMs >= HELD_MS) {
      this.#release(this.#held.at + USUAL_TICKS);
    }
    const taken = this.#samples;
    this.#samples = [];
    return taken;
  }

  #release(until: number): void {
    if (this.#held === null) return;
    this.#samples.push({ ...this.#held, duration: until - this.#held.at });
    this.#held = null;
  }
}
