import { mayDo, type Grant } from '../auth/grant.ts';
import { LIMITS } from '../limits/limits.ts';
import type { ViewerId } from '../protocol/control.ts';
import type { RoomId } from '../protocol/ids.ts';
import type { Parting } from '../protocol/signal/peer.ts';
import type { TurnConfig } from '../protocol/signal/signal-events.ts';
import type { SignalMessage } from '../protocol/signal/signal-messages.ts';
import type { SourcePlace } from '../rooms/hosts/source-place.ts';
import type { Exchange, ExchangeListener } from './exchange.ts';
import { placeKey, type Member, type News, type PeerEvent } from './member.ts';
import { newResume, peerIdOf } from './peer-identity.ts';
import { ROLE_ACTIONS } from './roles.ts';
import { SignalRoom } from './signal-room.ts';
import { SignalSeat, type Refusal, type SignalChannel } from './signal-seat.ts';

export type Registration = Extract<SignalMessage, { readonly type: 'register' }>;

/** What becomes of peers, for log and metrics. */
export interface SignalObserver {
  registered(seat: SignalSeat, isResumed: boolean): void;
  /** Null: it went on at another socket. */
  parted(seat: SignalSeat, reason: Parting | null): void;
  passed(type: PeerEvent['type'], way: 'here' | 'beyond'): void;
}

export interface SignalDeskDeps {
  readonly exchange: Exchange;
  readonly observer: SignalObserver;
  /** STUN and TURN servers for a grant. */
  readonly turnConfig: (grant: Grant) => Promise<TurnConfig>;
  /** Whose control session a secret is; undefined where it is not this subject's. */
  readonly viewerOf: (
    place: SourcePlace,
    who: { grant: Grant; resume: string },
  ) => Promise<ViewerId | undefined> | ViewerId | undefined;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

const FULL: Refusal = { code: 'capacity', message: 'There are too many peers. Come again later.' };
const TAKEN: Refusal = {
  code: 'taken',
  message: 'Another has this place at the source. Come again when it has left.',
};
/** Nobody is there to read it. */
const GONE: Refusal = { code: 'unknown-peer', message: 'The socket has ended.' };

/** The peers of direct sessions at this gateway. */
export class SignalDesk implements ExchangeListener {
  readonly #deps: SignalDeskDeps;
  readonly #rooms = new Map<string, SignalRoom>();
  readonly #seats = new Set<SignalSeat>();

  constructor(deps: SignalDeskDeps) {
    this.#deps = deps;
  }

  get size(): number {
    return this.#seats.size;
  }

  get roomCount(): number {
    return this.#rooms.size;
  }

  /** Registered peers of this gateway. */
  seats(): Iterable<SignalSeat> {
    return this.#seats;
  }

  /** Enters a peer, which is sent `registered`, or says why not. */
  async register(
    wish: Registration,
    grant: Grant,
    channel: SignalChannel,
  ): Promise<SignalSeat | Refusal> {
    const place = { room: wish.room, source: wish.source };
    const action = ROLE_ACTIONS[wish.role];
    if (!mayDo(grant, action, place.room, place.source)) {
      return { code: 'forbidden', message: `This token does not allow to ${action} there.` };
    }
    if (this.#seats.size >= LIMITS.signalPeers) return FULL;
    const turnConfig = await this.#deps.turnConfig(grant);
    if (channel.isOver) return GONE;
    const seat = this.#seatOf(wish, grant, channel);
    const refusal = await this.#enter(seat, turnConfig);
    if (refusal !== undefined) return refusal;
    this.#deps.observer.registered(seat, wish.resume !== undefined);
    // Another gateway may be asked; the peer, who has heard `registered`, says more meanwhile.
    if (wish.control !== undefined) void this.#proveOrSay(seat, wish.control);
    return seat;
  }

  /** Its socket is gone. Null: another of the same peer takes over. Idempotent. */
  release(seat: SignalSeat, reason: Parting | null): void {
    if (!this.#seats.delete(seat)) return;
    const { room, member } = seat;
    const had = room.leave(member.peerId, seat, reason);
    this.#settle(room);
    if (had && reason !== null) this.#deps.exchange.leave(room.place, member, reason);
    this.#deps.observer.parted(seat, reason);
  }

  /** Ends peers that have no right to go on. */
  sweep(reasonToEnd: (grant: Grant) => 'expired' | 'revoked' | undefined): void {
    for (const seat of [...this.#seats]) {
      const reason = reasonToEnd(seat.grant);
      if (reason !== undefined) seat.channel.dismiss(reason);
    }
  }

  /** Peers of a room that goes on at another gateway are sent there; nobody hears that they went. */
  handOver(room: RoomId): void {
    for (const seat of [...this.#seats]) {
      if (seat.room.place.room !== room) continue;
      this.release(seat, null);
      seat.channel.dismiss('moved');
    }
  }

  hear(place: SourcePlace, news: News): void {
    const room = this.#rooms.get(placeKey(place));
    if (room === undefined) return;
    switch (news.type) {
      case 'came':
        this.ousted(place, news.member);
        room.came(news.member);
        break;
      case 'changed':
        room.change(news.member);
        break;
      case 'gone':
        room.gone(news.peerId, news.reason);
        break;
      case 'said':
        room.find(news.to)?.local?.hear(news.event);
    }
    this.#settle(room);
  }

  *places(): Iterable<{ place: SourcePlace; own: readonly Member[] }> {
    for (const room of this.#rooms.values()) yield { place: room.place, own: room.own };
  }

  heard(place: SourcePlace): number {
    return this.#rooms.get(placeKey(place))?.heard ?? 0;
  }

  census(place: SourcePlace, others: readonly Member[], isWhole: boolean): void {
    this.#rooms.get(placeKey(place))?.census(others, isWhole);
  }

  ousted(place: SourcePlace, { peerId }: Member): void {
    const seat = this.#rooms.get(placeKey(place))?.find(peerId)?.local;
    if (seat instanceof SignalSeat) this.#oust(seat);
  }

  #seatOf(wish: Registration, grant: Grant, channel: SignalChannel): SignalSeat {
    const place = { room: wish.room, source: wish.source };
    const { role, resume = newResume() } = wish;
    const { subject } = grant;
    const { gateway } = this.#deps.exchange;
    const peerId = peerIdOf({ ...place, role, subject, resume });
    const name = wish.name ?? subject;
    const room = this.#rooms.get(placeKey(place)) ?? new SignalRoom(place);
    const seat = new SignalSeat({
      ...{ room, grant, resume, channel },
      member: { peerId, role, name, gateway },
      since: this.#deps.now(),
      pass: (to, event) => this.#pass(room, to, event),
      prove: (proving, control) => this.#prove(proving, control),
    });
    return seat;
  }

  async #enter(seat: SignalSeat, turnConfig: TurnConfig): Promise<Refusal | undefined> {
    const { exchange } = this.#deps;
    const { room, member } = seat;
    if (room.isTaken(member, exchange.isReady ? 'here' : 'anywhere')) return TAKEN;
    if (room.size >= LIMITS.signalPeersPerSource) return FULL;
    const older = room.find(member.peerId)?.local;
    if (older instanceof SignalSeat) this.#oust(older);
    this.#rooms.set(placeKey(room.place), room);
    room.reserve(member, seat);
    this.#seats.add(seat);
    const heard = room.heard;
    const entrance = await exchange.enter(room.place, member);
    if (!this.#seats.has(seat) || seat.channel.isOver) {
      this.release(seat, 'left');
      return GONE;
    }
    if (entrance.result !== 'entered') {
      this.#seats.delete(seat);
      room.leave(member.peerId, seat, null);
      this.#settle(room);
      return entrance.result === 'taken' ? TAKEN : FULL;
    }
    room.census(entrance.others, entrance.isWhole && room.heard === heard);
    room.enter(member.peerId);
    seat.welcome(turnConfig, this.#deps.now());
    return undefined;
  }

  async #pass(room: SignalRoom, to: Member, event: PeerEvent): Promise<Refusal | undefined> {
    const { exchange, observer } = this.#deps;
    const local = room.find(to.peerId)?.local;
    if (local != null) {
      observer.passed(event.type, 'here');
      local.hear(event);
      return undefined;
    }
    const news: News = { type: 'said', to: to.peerId, event };
    if (await exchange.tell(room.place, to.gateway, news)) {
      observer.passed(event.type, 'beyond');
      return undefined;
    }
    return { code: 'unreachable', message: 'The gateway of that peer cannot be reached now.' };
  }

  async #prove(seat: SignalSeat, resume: string): Promise<Refusal | undefined> {
    const { room, member, grant } = seat;
    const viewer = await this.#deps.viewerOf(room.place, { grant, resume });
    if (!this.#seats.has(seat)) return undefined;
    if (member.role !== 'client' || viewer === undefined) {
      return { code: 'unknown-control', message: 'That is no control session of yours here.' };
    }
    seat.member = { ...member, viewer };
    room.change(seat.member);
    this.#deps.exchange.change(room.place, seat.member);
    return undefined;
  }

  async #proveOrSay(seat: SignalSeat, resume: string): Promise<void> {
    const refusal = await this.#prove(seat, resume);
    if (refusal !== undefined) seat.channel.send({ type: 'error', ...refusal });
  }

  #oust(seat: SignalSeat): void {
    this.release(seat, null);
    seat.channel.dismiss('replaced');
  }

  #settle(room: SignalRoom): void {
    if (room.isEmpty) this.#rooms.delete(placeKey(room.place));
  }
}
