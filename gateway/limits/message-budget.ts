/** One message of up to this many bytes costs one, a larger one as many as it begins. */
const BYTES_PER_POINT = 4 * 1024;

/** How much a peer may send: so many messages a second, saved up for a while. */
export class MessageBudget {
  readonly #perSecond: number;
  readonly #most: number;
  readonly #now: () => number;
  #points: number;
  #at: number;

  constructor(rule: { perSecond: number; burst: number }, now: () => number) {
    this.#perSecond = rule.perSecond;
    this.#most = rule.burst;
    this.#now = now;
    this.#points = rule.burst;
    this.#at = now();
  }

  /** Takes a message of so many bytes; false when it is too much. */
  take(bytes: number): boolean {
    const now = this.#now();
    const gained = ((now - this.#at) / 1000) * this.#perSecond;
    this.#points = Math.min(this.#most, this.#points + gained);
    this.#at = now;
    this.#points -= Math.max(1, Math.ceil(bytes / BYTES_PER_POINT));
    return this.#points >= 0;
  }
}
