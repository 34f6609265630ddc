import { opusSamples, SILENCE, SILENCE_SAMPLES } from './opus.ts';
import type { Sample } from './movie.ts';

const RATE = 48;
/** A shorter gap is rounding. */
const LEAST_GAP = SILENCE_SAMPLES / 2;

/**
 * A publication's Opus packets as one track without holes: players take sound as their clock and
 * run ahead of the pictures where packets are missing, so silence is put in their place.
 */
export class Sound {
  #samples: Sample[] = [];
  /** Where the next sample goes, in samples of 48 kHz since the start. */
  #end = 0;

  /** Takes a packet at its place; what overlaps with something before is left out. */
  add(packet: Buffer, placeMs: number): void {
    const place = Math.round(placeMs * RATE);
    const length = opusSamples(packet);
    if (length === 0 || place + length <= 0 || place < this.#end - LEAST_GAP) return;
    this.#silence(place);
    this.#put(packet, length);
  }

  /** Puts silence up to a place from which nothing will come any more. */
  fill(placeMs: number): void {
    this.#silence(Math.floor(placeMs * RATE));
  }

  take(): Sample[] {
    const taken = this.#samples;
    this.#samples = [];
    return taken;
  }

  #silence(until: number): void {
    while (until - this.#end >= SILENCE_SAMPLES - LEAST_GAP) this.#put(SILENCE, SILENCE_SAMPLES);
  }

  #put(data: Buffer, duration: number): void {
    this.#samples.push({ data, at: this.#end, duration, key: true });
    this.#end += duration;
  }
}
