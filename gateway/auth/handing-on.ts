import type { Action, GrantOrigin } from '../protocol/grant.ts';
import { isGlobalAdmin, type Grant } from './grant.ts';

/** With these one can give rights to others. */
const GIVING: ReadonlySet<Action> = new Set<Action>(['admin', 'operate']);

/** Whether a grant is an account's own, which lasts as long as the account, and not that of a token. */
export const isStanding = ({ origin, tokenId }: Grant): boolean =>
  origin?.account !== undefined && tokenId === undefined;

/**
 * When what somebody gives ends, in epoch milliseconds: no later than their own grant. What an account
 * gives ends with the account; only what a global administrator gives may outlive its token, and never
 * where it gives the right to give.
 */
export function endOfGift(giver: Grant, can: readonly Action[], wanted: number): number {
  const mayOutlive = isGlobalAdmin(giver) && !can.some((action) => GIVING.has(action));
  return isStanding(giver) || mayOutlive ? wanted : Math.min(wanted, giver.expiresAt);
}

/** With what a gift ends beside its own time: logging out takes back only what was for oneself. */
export function originOfGift(giver: Grant): GrantOrigin | undefined {
  const { origin } = giver;
  return isStanding(giver) && origin !== undefined ? withoutLogin(origin) : origin;
}

const withoutLogin = ({ login: _, ...origin }: GrantOrigin): GrantOrigin => origin;
