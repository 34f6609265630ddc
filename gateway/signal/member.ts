import type { SourcePlace } from '../rooms/hosts/source-place.ts';
import type { Parting, Peer, PeerId } from '../protocol/signal/peer.ts';
import type { SignalEvent } from '../protocol/signal/signal-events.ts';

/** A peer and the gateway that its socket is at. */
export interface Member extends Peer {
  readonly gateway: string;
}

/** What peers say to each other. */
export type PeerEvent = Extract<SignalEvent, { readonly from: PeerId }>;

/** What one gateway tells another about a source. */
export type News =
  /** Also who came back, to whichever gateway. */
  | { readonly type: 'came'; readonly member: Member }
  | { readonly type: 'changed'; readonly member: Member }
  | { readonly type: 'gone'; readonly peerId: PeerId; readonly reason: Parting }
  | { readonly type: 'said'; readonly to: PeerId; readonly event: PeerEvent };

export const placeKey = ({ room, source }: SourcePlace): string => `${room}/${source}`;

/** A member as its counterparts see it. */
export const asPeer = ({ peerId, role, name, viewer }: Member): Peer => ({
  peerId,
  role,
  name,
  ...(role === 'client' && viewer !== undefined ? { viewer } : {}),
});
