import { isGlobalAdmin, mayDo, type Grant } from '../../auth/grant.ts';
import type { Revocations } from '../../auth/revocations.ts';
import { GatewayError } from '../../errors.ts';
import type { RevocationRequest } from '../../protocol/revocation.ts';
import type { Session } from '../../rooms/session.ts';
import type { Sessions } from '../../rooms/sessions.ts';
import { orSay } from './or-say.ts';

export interface BanDeps {
  readonly sessions: Sessions;
  readonly revocations: Revocations;
  /** Ends the sessions of tokens that are on the list by now. */
  readonly endRevoked: () => void;
  readonly now: () => number;
}

/** Whether the token of whoever is removed is taken back, and by whom. */
export interface Removal {
  readonly ban: boolean;
  readonly by: Grant;
}

/**
 * Ends a session and, when asked, takes back the token that it came with until that would have run
 * out. Its client hears of the removal, and cannot come between the two.
 * @throws GatewayError `scope-insufficient` where the token allows more than whoever bans may take;
 *   `capacity` when the list is full: the session is ended all the same.
 */
export async function removeSession(
  { sessions, revocations, endRevoked, now }: BanDeps,
  session: Session,
  { ban, by }: Removal,
): Promise<void> {
  if (ban) requireBannable(session, by);
  const ended = sessions.kick(session);
  try {
    if (!ban) return;
    const { kept } = revocations.add(tokenOf(session, now()), by.subject);
    endRevoked();
    await orSay(kept, 'The ban holds, but only until the gateway restarts.');
  } finally {
    await ended;
  }
}

/** A token of this room alone may be taken back by its operators, of an admin by admins. */
function requireBannable({ grant, room }: Session, by: Grant): void {
  if (isGlobalAdmin(by)) return;
  if (grant.room === room && (!grant.can.includes('admin') || mayDo(by, 'admin', room))) return;
  throw new GatewayError('scope-insufficient', 'This token allows more than you may take back.');
}

/** A token by its name; one without a name is all that its subject was given until now. */
function tokenOf({ grant, room }: Session, now: number): RevocationRequest {
  const { tokenId: jti, subject: sub, expiresAt } = grant;
  const left = Math.ceil((expiresAt - now) / 1000);
  return {
    ...(jti === undefined ? { sub } : { jti }),
    ...(grant.room === room ? { room } : {}),
    ttlSeconds: Math.min(Math.max(SHORTEST_SECONDS, left), LONGEST_SECONDS),
  };
}

/** What the list takes. */
const SHORTEST_SECONDS = 60;
const LONGEST_SECONDS = 366 * 24 * 3600;
