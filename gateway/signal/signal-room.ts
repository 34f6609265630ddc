import type { Parting, Peer, PeerId, PeerRole } from '../protocol/signal/peer.ts';
import type { SignalEvent } from '../protocol/signal/signal-events.ts';
import type { SourcePlace } from '../rooms/hosts/source-place.ts';
import { asPeer, type Member } from './member.ts';
import { COUNTERPARTS, isSole } from './roles.ts';

/** A peer whose socket is here. */
export interface LocalPeer {
  hear(event: SignalEvent): void;
}

interface Occupant {
  readonly member: Member;
  /** Null: at another gateway. */
  readonly local: LocalPeer | null;
  /** Whether the others know of it; who is entering just now hears nothing of them either. */
  readonly isPresent: boolean;
}

/** The peers of one source, here and at other gateways: who sees whom. */
export class SignalRoom {
  readonly place: SourcePlace;
  readonly #occupants = new Map<PeerId, Occupant>();
  #heard = 0;
  #localCount = 0;

  constructor(place: SourcePlace) {
    this.place = place;
  }

  /** Whether nobody is here; who is at other gateways needs no room here then. */
  get isEmpty(): boolean {
    return this.#localCount === 0;
  }

  /** Peers, wherever they are. */
  get size(): number {
    return this.#occupants.size;
  }

  /** Counts what other gateways told. */
  get heard(): number {
    return this.#heard;
  }

  /** The peers of this gateway, also who enters just now. */
  get own(): readonly Member[] {
    return [...this.#occupants.values()]
      .filter(({ local }) => local !== null)
      .map(({ member }) => member);
  }

  find(peerId: PeerId): { readonly member: Member; readonly local: LocalPeer | null } | undefined {
    return this.#occupants.get(peerId);
  }

  /** Whether another than this one has the only place of its role. */
  isTaken({ peerId, role }: Member, where: 'here' | 'anywhere'): boolean {
    if (!isSole(role)) return false;
    return [...this.#occupants.values()].some(
      ({ member, local }) =>
        member.role === role &&
        member.peerId !== peerId &&
        (where === 'anywhere' || local !== null),
    );
  }

  /** Whom a role sees. */
  counterparts(role: PeerRole): readonly Peer[] {
    return this.#seenBy(role).map(({ member }) => asPeer(member));
  }

  /** Keeps a place for who enters; nobody is told yet. */
  reserve(member: Member, local: LocalPeer): void {
    this.#drop(member.peerId);
    this.#put({ member, local, isPresent: false });
  }

  /** Who had a place kept is there: its counterparts hear of it. */
  enter(peerId: PeerId): void {
    const occupant = this.#occupants.get(peerId);
    if (occupant === undefined) return;
    this.#occupants.set(peerId, { ...occupant, isPresent: true });
    this.#tell(occupant.member, { type: 'peer-connected', ...asPeer(occupant.member) });
  }

  /** A peer of this gateway has gone, if this one still has the place. Null: nobody needs to know. */
  leave(peerId: PeerId, local: LocalPeer, reason: Parting | null): boolean {
    const occupant = this.#occupants.get(peerId);
    if (occupant?.local !== local) return false;
    this.#drop(peerId);
    if (reason !== null) this.#tellParting(occupant, reason);
    return true;
  }

  /** The control session of a client was proved. */
  change(member: Member): void {
    const occupant = this.#occupants.get(member.peerId);
    if (occupant === undefined) return;
    this.#occupants.set(member.peerId, { ...occupant, member });
    const { peerId, viewer } = member;
    if (!occupant.isPresent || viewer === undefined || viewer === occupant.member.viewer) return;
    this.#tell(member, { type: 'peer-control', peerId, viewer });
  }

  /** A peer came to another gateway, or came back there. */
  came(member: Member): void {
    this.#heard += 1;
    this.#drop(member.peerId);
    this.#put({ member, local: null, isPresent: true });
    this.#tell(member, { type: 'peer-connected', ...asPeer(member) });
  }

  /** A peer of another gateway has gone. */
  gone(peerId: PeerId, reason: Parting): void {
    this.#heard += 1;
    const occupant = this.#occupants.get(peerId);
    if (occupant === undefined || occupant.local !== null) return;
    this.#drop(peerId);
    this.#tellParting(occupant, reason);
  }

  /** All peers of other gateways; who is missing is lost, where `isWhole`. */
  census(others: readonly Member[], isWhole: boolean): void {
    const named = new Set(others.map(({ peerId }) => peerId));
    const missing = [...this.#occupants.values()].filter(
      ({ member, local }) => local === null && !named.has(member.peerId),
    );
    if (isWhole) for (const { member } of missing) this.gone(member.peerId, 'lost');
    for (const member of others) {
      const known = this.#occupants.get(member.peerId);
      if (known === undefined) this.came(member);
      else if (known.local !== null) continue;
      else if (known.member.gateway === member.gateway) this.change(member);
      else this.came(member);
    }
  }

  #tellParting({ member, isPresent }: Occupant, reason: Parting): void {
    const { peerId, role } = member;
    if (isPresent) this.#tell(member, { type: 'peer-disconnected', peerId, role, reason });
  }

  #tell(about: Member, event: SignalEvent): void {
    for (const { local } of this.#seenBy(about.role)) local?.hear(event);
  }

  #seenBy(role: PeerRole): readonly Occupant[] {
    const wanted = COUNTERPARTS[role];
    return [...this.#occupants.values()].filter(
      ({ member, isPresent }) => isPresent && member.role === wanted,
    );
  }

  #put(occupant: Occupant): void {
    this.#occupants.set(occupant.member.peerId, occupant);
    if (occupant.local !== null) this.#localCount += 1;
  }

  #drop(peerId: PeerId): void {
    const occupant = this.#occupants.get(peerId);
    if (occupant === undefined) return;
    this.#occupants.delete(peerId);
    if (occupant.local !== null) this.#localCount -= 1;
  }
}
