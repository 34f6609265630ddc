import type { Sessions } from './sessions.ts';

/** A session outlives its token by at most this and one round trip. */
const INTERVAL_MS = 500;

/** Ends sessions whose token has run out. */
export class Expiry {
  readonly #sessions: Sessions;
  readonly #now: () => number;
  #timer: NodeJS.Timeout | undefined;

  constructor(sessions: Sessions, now: () => number) {
    this.#sessions = sessions;
    this.#now = now;
  }

  start(): void {
    this.#timer = setInterval(() => this.sweep(), INTERVAL_MS);
  }

  /** Ends what has run out by now. */
  sweep(): void {
    const now = this.#now();
    for (const session of this.#sessions.registry.sessions()) {
      if (session.grant.expiresAt <= now) void this.#sessions.end(session, 'expired');
    }
  }

  close(): void {
    clearInterval(this.#timer);
  }
}
