import type { Grant } from '../auth/grant.ts';
import type { GrantOrigin } from '../protocol/grant.ts';
import type { Accounts } from './accounts.ts';
import type { Invitations } from './invitations.ts';
import type { Logins } from './logins.ts';

/** Knows which grants ended with the account, the login or the invitation that they come from. */
export class GrantOrigins {
  readonly #accounts: Accounts;
  readonly #logins: Logins;
  readonly #invitations: Invitations;

  constructor(parts: { accounts: Accounts; logins: Logins; invitations: Invitations }) {
    this.#accounts = parts.accounts;
    this.#logins = parts.logins;
    this.#invitations = parts.invitations;
  }

  /** Looked up in memory: asked for every request and twice a second for every session. */
  hasEnded({ origin }: Grant): boolean {
    return origin !== undefined && !this.isGood(origin);
  }

  isGood({ account: id, version, login, invitation }: GrantOrigin): boolean {
    if (invitation !== undefined && this.#invitations.isRevoked(invitation)) return false;
    if (login !== undefined && !this.#logins.isOpen(login)) return false;
    if (id === undefined) return true;
    const account = this.#accounts.byId(id);
    return account !== undefined && account.version === version && !account.isDisabled;
  }
}
