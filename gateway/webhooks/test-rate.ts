import { GatewayError } from '../errors.ts';
import { LIMITS } from '../limits/limits.ts';

const MINUTE_MS = 60_000;

/** How often webhooks may be tested. */
export class TestRate {
  #times: number[] = [];

  /** Counts one. @throws GatewayError `rate-limited` */
  count(now: number): void {
    this.#times = this.#times.filter((at) => now - at < MINUTE_MS);
    if (this.#times.length >= LIMITS.webhookTestsPerMinute) {
      throw new GatewayError('rate-limited', 'Too many tests of webhooks. Wait a minute.', {
        retryAfterSeconds: 60,
      });
    }
    this.#times.push(now);
  }
}
