import type { RingEntry } from './rtp/packet-ring.ts';

/** What sends a packet to all its receivers, synchronously. */
export interface Delivery {
  deliver(entry: RingEntry): void;
}

interface Job {
  readonly delivery: Delivery;
  readonly entry: RingEntry;
}

/** Each send is a system call of 6 to 8 us: a key frame to 250 viewers takes some 90 ms. */
const SLICE_MS = 2;
/** A pause this long means that the event loop has turned. */
const PAUSE_MS = 1;
const MAX_JOBS = 2_000;

/**
 * Sends in order, at once while the engine keeps up, and in slices when a burst comes, so that
 * arrivals, timers and HTTP are not held up for the length of a key frame.
 */
export class Egress {
  readonly #now: () => number;
  readonly #defer: (resume: () => void) => void;
  #jobs: Job[] = [];
  #next = 0;
  #spentMs = 0;
  #sentMs = 0;
  #deferred = false;
  /** Packets given up because sending cannot keep up at all. */
  dropped = 0;

  constructor(now: () => number, defer: (resume: () => void) => void = setImmediate) {
    this.#now = now;
    this.#defer = defer;
  }

  push(delivery: Delivery, entry: RingEntry): void {
    if (this.#jobs.length - this.#next >= MAX_JOBS) {
      this.#next += 1;
      this.dropped += 1;
    }
    this.#jobs.push({ delivery, entry });
    if (this.#deferred) return;
    if (this.#now() - this.#sentMs > PAUSE_MS) this.#spentMs = 0;
    this.#drain();
  }

  #drain(): void {
    let atMs = this.#now();
    while (this.#spentMs < SLICE_MS) {
      const job = this.#jobs[this.#next];
      if (job === undefined) break;
      this.#next += 1;
      job.delivery.deliver(job.entry);
      this.#sentMs = this.#now();
      this.#spentMs += this.#sentMs - atMs;
      atMs = this.#sentMs;
    }
    if (this.#next >= this.#jobs.length || this.#next > MAX_JOBS) {
      this.#jobs = this.#jobs.slice(this.#next);
      this.#next = 0;
    }
    if (this.#jobs.length > 0) this.#deferRest();
  }

  #deferRest(): void {
    this.#deferred = true;
    this.#defer(() => {
      this.#deferred = false;
      this.#spentMs = 0;
      this.#drain();
    });
  }
}
