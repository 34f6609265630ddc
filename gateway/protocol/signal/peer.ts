import { z } from 'zod';
import { ViewerId } from '../control.ts';
import { PrintableName } from '../grant.ts';

/**
 * What a peer of a direct session is. A sender and its receivers see one another, and a host and
 * its clients; a source has one sender and one host. Tokens allow it: `publish`, `watch`, `host`,
 * `watch`.
 */
export const PeerRole = z.enum(['sender', 'receiver', 'host', 'client']);
export type PeerRole = z.infer<typeof PeerRole>;

/** Names a peer to the others; follows from its `resume`, so it is the same after a restart. Gives no right. */
export const PeerId = z
  .string()
  .regex(/^[a-z2-7]{16}$/)
  .brand<'PeerId'>();
export type PeerId = z.infer<typeof PeerId>;

/** What a peer brings along to come back as itself, while its peer connections live. */
export const PeerResume = z.string().regex(/^[A-Za-z0-9_-]{22}$/);

/** What others call a peer; else after its token. */
export const PeerName = PrintableName.max(40);

/** A peer, as its counterparts see it. */
export const Peer = z.object({
  peerId: PeerId,
  role: PeerRole,
  name: z.string(),
  /** To hosts, of clients that proved their control session: whom `control/leases` names as holder. */
  viewer: ViewerId.exactOptional(),
});
export type Peer = z.infer<typeof Peer>;

/** Why a peer is gone: said goodbye; its connection was lost (media may flow on, and it may come back); another has its place; an administrator or its token ended it. */
export const Parting = z.enum(['left', 'lost', 'replaced', 'kicked']);
export type Parting = z.infer<typeof Parting>;
