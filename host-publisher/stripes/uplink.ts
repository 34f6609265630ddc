/** A queue of so long is one: pictures wait for its end. */
const QUEUE_MS = 80;
/** The way may have become another: older round trips say nothing of it. */
const WINDOW_MS = 10_000;
/** Pictures that may be under way while no round trip is known. */
const FIRST_PICTURES = 2;

interface Ping {
  readonly id: number;
  readonly sentAtMs: number;
}

interface Least {
  readonly ms: number;
  readonly untilMs: number;
}

/**
 * The path to the gateway, by pings that follow each picture: what their answers take longer than
 * the quickest is a queue, also where kernels and proxies hide it.
 */
export class Uplink {
  #pings: Ping[] = [];
  #next = 0;
  #least: Least | null = null;
  #lastMs: number | null = null;

  /** The last round trip; null: none yet. */
  get roundTripMs(): number | null {
    return this.#lastMs;
  }

  /** What of it is a queue. */
  get queueMs(): number | null {
    return this.#lastMs === null || this.#least === null
      ? null
      : Math.max(0, this.#lastMs - this.#least.ms);
  }

  /** A picture has left: the number of the ping that follows it. */
  ping(nowMs: number): number {
    this.#next = (this.#next + 1) >>> 0;
    this.#pings.push({ id: this.#next, sentAtMs: nowMs });
    return this.#next;
  }

  /** An answer came, which stands for all pings before it too. */
  pong(id: number, nowMs: number): void {
    const index = this.#pings.findIndex((ping) => ping.id === id);
    const ping = this.#pings[index];
    if (ping === undefined) return;
    this.#pings = this.#pings.slice(index + 1);
    this.#lastMs = nowMs - ping.sentAtMs;
    if (this.#least === null || this.#lastMs <= this.#least.ms || nowMs > this.#least.untilMs) {
      this.#least = { ms: this.#lastMs, untilMs: nowMs + WINDOW_MS };
    }
  }

  /** Whether what is sent now would wait behind what was sent before. */
  isFull(nowMs: number): boolean {
    const [oldest] = this.#pings;
    if (oldest === undefined) return false;
    if (this.#least === null) return this.#pings.length >= FIRST_PICTURES;
    return nowMs - oldest.sentAtMs > this.#least.ms + QUEUE_MS;
  }
}
