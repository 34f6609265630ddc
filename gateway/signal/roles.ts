import type { Action } from '../protocol/grant.ts';
import type { PeerRole } from '../protocol/signal/peer.ts';

/** Who is introduced to whom. */
export const COUNTERPARTS: Readonly<Record<PeerRole, PeerRole>> = {
  sender: 'receiver',
  receiver: 'sender',
  host: 'client',
  client: 'host',
};

/** What a token must allow. */
export const ROLE_ACTIONS: Readonly<Record<PeerRole, Action>> = {
  sender: 'publish',
  receiver: 'watch',
  host: 'host',
  client: 'watch',
};

/** Roles of which a source has one. */
export const isSole = (role: PeerRole): boolean => role === 'sender' || role === 'host';

/** Roles that offer; their counterparts answer. */
export const offers = (role: PeerRole): boolean => role === 'sender' || role === 'client';
