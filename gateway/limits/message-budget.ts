/** What a peer may spend: so much a second, saved up for a while. */
export interface Rate {
  readonly perSecond: number;
  readonly burst: number;
}

const BYTES_PER_POINT = 4 * 1024;

/** A message of up to 4 KiB costs one, a larger one as many as it begins. */
export const pointsOf = (bytes: number): number => Math.max(1, Math.ceil(bytes / BYTES_PER_POINT));

/** How much a peer may send: so many messages a second, saved up for a while. */
export class MessageBudget {
  readonly #rate: Rate;
  readonly #now: () => number;
  #points: number;
  #at: number;

  constructor(rate: Rate, now: () => number) {
    this.#rate = rate;
    this.#now = now;
    this.#points = rate.burst;
    this.#at = now();
  }

  /** Takes a message of so many bytes; false when it is too much. */
  take(bytes: number): boolean {
    return this.spend(pointsOf(bytes));
  }

  /** Takes what costs so many points; false when it is too much. */
  spend(points: number): boolean {
    const { perSecond, burst } = this.#rate;
    const now = this.#now();
    this.#points = Math.min(burst, this.#points + ((now - this.#at) / 1000) * perSecond);
    this.#at = now;
    this.#points -= points;
    return this.#points >= 0;
  }
}
