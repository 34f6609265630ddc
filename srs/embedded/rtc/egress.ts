import { Traffic } from '../traffic.ts';
import type { TrackKind } from './codec.ts';
import type { RingEntry } from './rtp/packet-ring.ts';

/** What sends a packet to all its receivers, synchronously. */
export interface Delivery {
  readonly kind: TrackKind;
  deliver(entry: RingEntry): void;
  /** Packets of it were given up: without its next key frame the others are of no use. */
  interrupt(): void;
}

/** Sending fell behind, and video was given up for it. */
export interface Overload {
  readonly lateMs: number;
  /** Packets given up in this moment. */
  readonly dropped: number;
}

interface Job {
  readonly delivery: Delivery;
  readonly entry: RingEntry;
  readonly atMs: number;
}

interface EgressParts {
  readonly now: () => number;
  readonly traffic?: Traffic;
  /** Called once an episode: for the first drop after a quiet while. */
  readonly onOverload?: (overload: Overload) => void;
  readonly defer?: (resume: () => void) => void;
}

/** Each send is a system call of 6 to 8 us: a key frame to 250 viewers takes some 90 ms. */
const SLICE_MS = 2;
/** A pause this long means that the event loop has turned. */
const PAUSE_MS = 1;
const MAX_JOBS = 2_000;
/** A packet that waited longer is too late for those who watch live. */
const LATE_MS = 200;
/** Time for the key frame that follows to get through, however large. */
const BETWEEN_DROPS_MS = 1_000;
const EPISODE_ENDS_MS = 10_000;

/**
 * Sends in order, at once while the engine keeps up, and in slices when a burst comes, so that
 * arrivals, timers and HTTP are not held up for the length of a key frame. An engine that cannot
 * keep up at all gives up video, never audio: pictures are missing then, but none is old.
 */
export class Egress {
  readonly #now: () => number;
  readonly #traffic: Traffic;
  readonly #onOverload: (overload: Overload) => void;
  readonly #defer: (resume: () => void) => void;
  #jobs: Job[] = [];
  #next = 0;
  #spentMs = 0;
  #sentMs = 0;
  #droppedMs = Number.NEGATIVE_INFINITY;
  #deferred = false;

  constructor({
    now,
    traffic = new Traffic(),
    onOverload = () => undefined,
    defer = setImmediate,
  }: EgressParts) {
    this.#now = now;
    this.#traffic = traffic;
    this.#onOverload = onOverload;
    this.#defer = defer;
  }

  push(delivery: Delivery, entry: RingEntry): void {
    if (this.#jobs.length - this.#next >= MAX_JOBS) {
      this.#next += 1;
      this.#traffic.overdue += 1;
    }
    const atMs = this.#now();
    this.#jobs.push({ delivery, entry, atMs });
    if (this.#deferred) return;
    if (atMs - this.#sentMs > PAUSE_MS) this.#spentMs = 0;
    this.#drain();
  }

  #drain(): void {
    let atMs = this.#now();
    this.#dropLate(atMs);
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

  #dropLate(nowMs: number): void {
    const oldest = this.#jobs[this.#next];
    const lateMs = oldest === undefined ? 0 : nowMs - oldest.atMs;
    const sinceMs = nowMs - this.#droppedMs;
    if (lateMs <= LATE_MS || sinceMs < BETWEEN_DROPS_MS) return;
    const waiting = this.#jobs.slice(this.#next);
    this.#jobs = waiting.filter(({ delivery }) => delivery.kind === 'audio');
    this.#next = 0;
    const dropped = waiting.length - this.#jobs.length;
    if (dropped === 0) return;
    this.#droppedMs = nowMs;
    this.#traffic.overdue += dropped;
    for (const delivery of new Set(waiting.map((job) => job.delivery))) {
      if (delivery.kind === 'video') delivery.interrupt();
    }
    if (sinceMs >= EPISODE_ENDS_MS) this.#onOverload({ lateMs, dropped });
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
