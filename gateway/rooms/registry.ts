import type { MediaNode } from '../media/node.ts';
import type { EndReason } from '../protocol/end-reason.ts';
import type { SessionKind } from '../protocol/session-kind.ts';
import type { Transport } from '../protocol/transport.ts';
import type { RoomId, SessionId, SessionSecret } from '../protocol/ids.ts';
import { Room } from './room.ts';
import type { NodePlace, Session } from './session.ts';

/** Ended sessions of which the reason is remembered. */
const MAX_REMEMBERED = 10_000;

/** Every session that has not ended, found by each of its names. */
export class Registry {
  readonly #rooms = new Map<RoomId, Room>();
  readonly #byId = new Map<SessionId, Session>();
  readonly #bySecret = new Map<SessionSecret, Session>();
  readonly #bySubject = new Map<string, Set<Session>>();
  readonly #byPlace = new Map<string, Session>();
  readonly #endings = new Map<SessionSecret, EndReason>();
  readonly #byNode = new Map<MediaNode, Set<Session>>();
  #added = 0;
  readonly #counts: Record<SessionKind, Record<Transport, number>> = {
    publish: { webrtc: 0, websocket: 0 },
    watch: { webrtc: 0, websocket: 0 },
  };

  get size(): number {
    return this.#byId.size;
  }

  get roomCount(): number {
    return this.#rooms.size;
  }

  count(kind: SessionKind, transport: Transport): number {
    return this.#counts[kind][transport];
  }

  /** The sessions of everybody who came with this subject. */
  ofSubject(subject: string): ReadonlySet<Session> {
    return this.#bySubject.get(subject) ?? NONE;
  }

  /** How many sessions are at a node. */
  load(node: MediaNode): number {
    return this.at(node).size;
  }

  at(node: MediaNode): ReadonlySet<Session> {
    return this.#byNode.get(node) ?? NONE;
  }

  add(session: Session): void {
    this.#added += 1;
    session.ordinal = this.#added;
    this.#byId.set(session.id, session);
    this.#bySecret.set(session.secret, session);
    const { subject } = session.grant;
    this.#bySubject.set(subject, (this.#bySubject.get(subject) ?? new Set()).add(session));
    this.#tally(session, 1);
    let room = this.#rooms.get(session.room);
    if (room === undefined) {
      room = new Room(session.room);
      this.#rooms.set(session.room, room);
    }
    room.add(session);
  }

  /** Notes where the node keeps a session, as the hook said. */
  settle(session: Session, place: NodePlace): void {
    session.place = place;
    this.#byPlace.set(placeKey(place), session);
  }

  /** Takes that back, since the node is asked anew; returns what was noted. */
  unsettle(session: Session): NodePlace | null {
    const { place } = session;
    if (place !== null) this.#byPlace.delete(placeKey(place));
    session.place = null;
    return place;
  }

  /** Forgets a session; false when it was not there. */
  delete(session: Session): boolean {
    if (!this.#byId.delete(session.id)) return false;
    this.#bySecret.delete(session.secret);
    if (session.place !== null) this.#byPlace.delete(placeKey(session.place));
    const own = this.#bySubject.get(session.grant.subject);
    own?.delete(session);
    if (own?.size === 0) this.#bySubject.delete(session.grant.subject);
    this.#tally(session, -1);
    this.#remember(session);
    const room = this.#rooms.get(session.room);
    room?.delete(session);
    if (room?.isEmpty === true) this.#rooms.delete(room.id);
    return true;
  }

  room(id: RoomId): Room | undefined {
    return this.#rooms.get(id);
  }

  rooms(): readonly Room[] {
    return [...this.#rooms.values()];
  }

  /** In the order in which they began, as they are now. */
  sessions(): readonly Session[] {
    return [...this.#byId.values()];
  }

  byId(id: SessionId): Session | undefined {
    return this.#byId.get(id);
  }

  bySecret(secret: SessionSecret): Session | undefined {
    return this.#bySecret.get(secret);
  }

  /** Why a session ended, as long as that is remembered. */
  endingOf(secret: SessionSecret): EndReason | undefined {
    return this.#endings.get(secret);
  }

  /** Of a session that goes on elsewhere. */
  forgetEnding(secret: SessionSecret): void {
    this.#endings.delete(secret);
  }

  /** Takes the owner's late goodbye to a session whose peer was seen to leave; true the first time. */
  acknowledge(secret: SessionSecret): boolean {
    if (this.#endings.get(secret) !== 'left') return false;
    this.#endings.set(secret, 'client');
    return true;
  }

  byPlace(place: NodePlace): Session | undefined {
    return this.#byPlace.get(placeKey(place));
  }

  #tally(session: Session, by: 1 | -1): void {
    const { kind, transport, node } = session;
    this.#counts[kind][transport] += by;
    if (node === null) return;
    const there = this.#byNode.get(node) ?? new Set();
    this.#byNode.set(node, there);
    if (by === 1) there.add(session);
    else there.delete(session);
  }

  #remember({ secret, state }: Session): void {
    if (state.kind !== 'ended') return;
    const oldest = this.#endings.keys().next();
    if (this.#endings.size >= MAX_REMEMBERED && !oldest.done) this.#endings.delete(oldest.value);
    this.#endings.set(secret, state.reason);
  }
}

const NONE: ReadonlySet<Session> = new Set();

const placeKey = ({ service, clientId }: NodePlace): string => `${service}/${clientId}`;
