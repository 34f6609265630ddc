/** How one direction of a network behaves; everything absent is perfect. */
export interface Impairment {
  /** Share of packets that are thrown away at random, 0..1. */
  readonly lossRatio?: number;
  readonly delayMs?: number;
  /** Uniform extra delay of 0..jitterMs per packet; may reorder. */
  readonly jitterMs?: number;
  /** Bandwidth of the link; packets beyond it wait in the queue. */
  readonly bitsPerSecond?: number;
  /** The queue drops what does not fit; 64 KiB when absent. */
  readonly queueBytes?: number;
}

/** Counters of one direction since it was made. */
export interface PathStats {
  readonly packets: number;
  readonly bytes: number;
  readonly delivered: number;
  readonly deliveredBytes: number;
  /** Thrown away by `lossRatio`. */
  readonly lost: number;
  /** Thrown away because the queue of a bandwidth limit was full. */
  readonly overflowed: number;
}

interface Waiting {
  readonly bytes: number;
  readonly deliver: () => void;
}

const DEFAULT_QUEUE_BYTES = 65_536;
/** The bucket holds 20 ms of traffic, so that a late timer costs no throughput. */
const BURST_SECONDS = 0.02;
const MIN_BURST_BYTES = 3000;

/** One direction: random loss, then a token bucket with a bounded queue, then delay and jitter. */
export class ImpairedPath {
  readonly #random: () => number;
  readonly #stats = {
    packets: 0,
    bytes: 0,
    delivered: 0,
    deliveredBytes: 0,
    lost: 0,
    overflowed: 0,
  };
  #impairment: Impairment = {};
  #queue: Waiting[] = [];
  #queuedBytes = 0;
  #tokens = 0;
  #refilledAt = 0;
  #drainTimer: NodeJS.Timeout | undefined;
  readonly #delayed = new Set<NodeJS.Timeout>();
  #closed = false;

  constructor(random: () => number, impairment: Impairment = {}) {
    this.#random = random;
    this.set(impairment);
  }

  get stats(): PathStats {
    return { ...this.#stats };
  }

  /** Replaces the behaviour from the next packet on; what already waits obeys the new bandwidth. */
  set(impairment: Impairment): void {
    this.#refill();
    this.#impairment = impairment;
    this.#tokens = Math.min(this.#tokens, this.#burstBytes());
    this.#drain();
  }

  /** Takes a packet; `deliver` runs once, later, or never. */
  send(bytes: number, deliver: () => void): void {
    if (this.#closed) return;
    this.#stats.packets += 1;
    this.#stats.bytes += bytes;
    const { lossRatio = 0, bitsPerSecond, queueBytes = DEFAULT_QUEUE_BYTES } = this.#impairment;
    if (lossRatio > 0 && this.#random() < lossRatio) {
      this.#stats.lost += 1;
      return;
    }
    if (bitsPerSecond === undefined && this.#queue.length === 0) {
      this.#deliverDelayed({ bytes, deliver });
      return;
    }
    if (this.#queuedBytes + bytes > queueBytes) {
      this.#stats.overflowed += 1;
      return;
    }
    this.#queue.push({ bytes, deliver });
    this.#queuedBytes += bytes;
    this.#drain();
  }

  /** Drops everything that is under way. */
  close(): void {
    this.#closed = true;
    clearTimeout(this.#drainTimer);
    for (const timer of this.#delayed) clearTimeout(timer);
    this.#delayed.clear();
    this.#queue = [];
  }

  #drain(): void {
    clearTimeout(this.#drainTimer);
    this.#refill();
    let sent = 0;
    for (const packet of this.#queue) {
      if (this.#impairment.bitsPerSecond !== undefined && this.#tokens < packet.bytes) break;
      this.#tokens -= packet.bytes;
      this.#queuedBytes -= packet.bytes;
      sent += 1;
      this.#deliverDelayed(packet);
    }
    this.#queue.splice(0, sent);
    const next = this.#queue[0];
    const rate = this.#impairment.bitsPerSecond;
    if (next === undefined || rate === undefined) return;
    const waitMs = ((next.bytes - this.#tokens) * 8000) / rate;
    this.#drainTimer = setTimeout(() => this.#drain(), Math.max(1, waitMs));
  }

  #refill(): void {
    const now = performance.now();
    const rate = this.#impairment.bitsPerSecond ?? 0;
    const grown = this.#tokens + (rate * (now - this.#refilledAt)) / 8000;
    this.#tokens = Math.min(this.#burstBytes(), grown);
    this.#refilledAt = now;
  }

  #burstBytes(): number {
    const rate = this.#impairment.bitsPerSecond ?? 0;
    return Math.max(MIN_BURST_BYTES, (rate / 8) * BURST_SECONDS);
  }

  #deliverDelayed(packet: Waiting): void {
    const { delayMs = 0, jitterMs = 0 } = this.#impairment;
    const waitMs = delayMs + (jitterMs > 0 ? this.#random() * jitterMs : 0);
    if (waitMs <= 0) {
      this.#deliver(packet);
      return;
    }
    const timer = setTimeout(() => {
      this.#delayed.delete(timer);
      this.#deliver(packet);
    }, waitMs);
    this.#delayed.add(timer);
  }

  #deliver(packet: Waiting): void {
    this.#stats.delivered += 1;
    this.#stats.deliveredBytes += packet.bytes;
    packet.deliver();
  }
}
