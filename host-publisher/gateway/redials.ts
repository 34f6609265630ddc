import { backOffMs } from '../supervision/back-off.ts';

/** What lasted so long is dialled again at once after its loss: gateways may be lost one after the other. */
const STEADY_MS = 2_000;
/** On top of what a gateway asks for, the most of it by chance: all its hosts come again at once. */
const SPREAD = 0.2;

/** How long to wait before a socket is dialled again. */
export class Redials {
  readonly #random: () => number;
  #failures = 0;

  constructor(random: () => number = Math.random) {
    this.#random = random;
  }

  /** A connection has ended that was open so long, ms. */
  ended(openMs: number): void {
    if (openMs >= STEADY_MS) this.#failures = 0;
  }

  /**
   * Milliseconds until the next attempt. `retryAfterMs`: what the gateway asked for, 0 when it said
   * nothing; one that asks is there, which is no failure to back off from.
   */
  waitMs(retryAfterMs: number): number {
    if (retryAfterMs > 0) return retryAfterMs * (1 + SPREAD * this.#random());
    this.#failures += 1;
    return backOffMs(this.#failures, this.#random);
  }
}
