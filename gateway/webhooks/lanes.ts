/** What waits for one room at one endpoint: one at a time, in its order. */
export interface Lane {
  readonly room: string;
  readonly queue: { readonly seq: number; readonly at: number }[];
  /** The receiver was away at the last attempt. */
  isAway: boolean;
  /** Set while it rests after a failed attempt. */
  timer: NodeJS.Timeout | undefined;
}

/** The lanes of one endpoint: which rest, which are ready, and how many are under way. */
export class Lanes {
  readonly #lanes = new Map<string, Lane>();
  readonly #ready = new Set<Lane>();
  #size = 0;
  /** Attempts under way. */
  active = 0;
  /** Ends them. */
  readonly ending = new AbortController();

  /** Deliveries that wait. */
  get size(): number {
    return this.#size;
  }

  add(room: string, seq: number, at: number): void {
    this.#size += 1;
    const known = this.#lanes.get(room);
    if (known !== undefined) {
      known.queue.push({ seq, at });
      return;
    }
    const lane: Lane = { room, queue: [{ seq, at }], isAway: false, timer: undefined };
    this.#lanes.set(room, lane);
    this.#ready.add(lane);
  }

  /** The lane whose turn it is, which is under way from now on; undefined: none is ready. */
  take(): Lane | undefined {
    const [lane] = this.#ready;
    if (lane !== undefined) this.#ready.delete(lane);
    return lane;
  }

  /** Its first delivery is over. */
  advance(lane: Lane): void {
    if (lane.queue.shift() !== undefined) this.#size -= 1;
    lane.isAway = false;
    if (lane.queue.length > 0) this.#ready.add(lane);
    else this.#lanes.delete(lane.room);
  }

  /** Its turn comes again after a while. */
  rest(lane: Lane, ms: number, onReady: () => void): void {
    this.#ready.delete(lane);
    lane.timer = setTimeout(() => {
      lane.timer = undefined;
      this.#ready.add(lane);
      onReady();
    }, ms);
  }

  /** The receiver is there again: who rests because it was away is ready now. */
  wake(): void {
    for (const lane of this.#lanes.values()) {
      if (lane.timer === undefined || !lane.isAway) continue;
      clearTimeout(lane.timer);
      lane.timer = undefined;
      this.#ready.add(lane);
    }
  }

  laneOf(room: string): Lane | undefined {
    return this.#lanes.get(room);
  }

  /** Forgets what waits since before a time; not what is under way. */
  drop(before: number): void {
    for (const lane of this.#lanes.values()) {
      if (lane.timer === undefined && !this.#ready.has(lane)) continue;
      const kept = lane.queue.filter(({ at }) => at >= before);
      this.#size -= lane.queue.length - kept.length;
      lane.queue.splice(0, lane.queue.length, ...kept);
      if (kept.length > 0) continue;
      clearTimeout(lane.timer);
      this.#ready.delete(lane);
      this.#lanes.delete(lane.room);
    }
  }

  /** Ends what is under way and forgets everything. */
  close(): void {
    this.ending.abort();
    for (const { timer } of this.#lanes.values()) clearTimeout(timer);
    this.#lanes.clear();
    this.#ready.clear();
    this.#size = 0;
  }
}
