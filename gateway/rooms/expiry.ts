import type { Grant } from '../auth/grant.ts';
import type { Sessions } from './sessions.ts';

/** A session outlives its token by at most this and one round trip. */
const INTERVAL_MS = 500;

/** Ends those of its own for whose grant there is a reason to. */
export interface GrantHolders {
  sweep(reasonToEnd: (grant: Grant) => 'expired' | 'revoked' | undefined): void;
}

export interface ExpiryDeps {
  readonly sessions: Sessions;
  /** What else lives by a grant. */
  readonly others?: readonly GrantHolders[];
  readonly isRevoked: (grant: Grant) => boolean;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

/** Ends sessions and sockets whose token has run out or was taken back. */
export class Expiry {
  readonly #deps: ExpiryDeps;
  #timer: NodeJS.Timeout | undefined;

  constructor(deps: ExpiryDeps) {
    this.#deps = deps;
  }

  start(): void {
    this.#timer = setInterval(() => this.sweep(), INTERVAL_MS);
  }

  /** Ends what has no right to go on by now. */
  sweep(): void {
    const { sessions, others = [] } = this.#deps;
    for (const session of sessions.registry.sessions()) {
      const reason = this.#reasonToEnd(session.grant);
      if (reason !== undefined) void sessions.end(session, reason);
    }
    for (const holders of others) holders.sweep((grant) => this.#reasonToEnd(grant));
  }

  close(): void {
    clearInterval(this.#timer);
  }

  #reasonToEnd(grant: Grant): 'expired' | 'revoked' | undefined {
    // What somebody opened who is logged in goes on with the login, which outlives its short tokens.
    const isOfLogin = grant.origin?.login !== undefined;
    if (!isOfLogin && grant.expiresAt <= this.#deps.now()) return 'expired';
    return this.#deps.isRevoked(grant) ? 'revoked' : undefined;
  }
}
