import type { EndReason } from '../protocol/end-reason.ts';
import type { RoomId } from '../protocol/ids.ts';
import type { Session } from '../rooms/session.ts';
import type { SessionObserver } from '../rooms/sessions.ts';
import type { EventBus } from './event-bus.ts';

interface LiveSource {
  readonly since: number;
  readonly publishers: Set<Session>;
}

/** Tells of sessions, and of what they make of rooms and sources. */
export class SessionEvents implements SessionObserver {
  readonly #bus: EventBus;
  readonly #now: () => number;
  readonly #rooms = new Map<RoomId, Set<Session>>();
  readonly #sources = new Map<string, LiveSource>();

  constructor(bus: EventBus, now: () => number) {
    this.#bus = bus;
    this.#now = now;
  }

  opened(session: Session): void {
    const { room } = session;
    const sessions = this.#rooms.get(room);
    if (sessions === undefined) {
      this.#rooms.set(room, new Set([session]));
      this.#bus.publish({ type: 'room.opened', room, data: {} });
    } else sessions.add(session);
    this.#bus.publish({ type: 'session.opened', ...placeOf(session), data: whoOf(session) });
  }

  live(session: Session): void {
    this.#bus.publish({ type: 'session.live', ...placeOf(session), data: whoOf(session) });
    if (session.kind === 'watch') return;
    const { room, source, transport, grant } = session;
    const key = sourceKey(session);
    const known = this.#sources.get(key);
    if (known !== undefined) {
      known.publishers.add(session);
      return;
    }
    this.#sources.set(key, { since: this.#now(), publishers: new Set([session]) });
    const data = { subject: grant.subject, transport };
    this.#bus.publish({ type: 'source.started', room, source, data });
  }

  /** Its opening was told by the gateway that it comes from. */
  adopted(session: Session): void {
    const { room, state, kind } = session;
    this.#rooms.set(room, (this.#rooms.get(room) ?? new Set()).add(session));
    if (kind !== 'publish' || state.kind !== 'live') return;
    const key = sourceKey(session);
    const source = this.#sources.get(key) ?? { since: state.liveAt, publishers: new Set() };
    source.publishers.add(session);
    this.#sources.set(key, source);
  }

  handedOver(session: Session): void {
    const sessions = this.#rooms.get(session.room);
    sessions?.delete(session);
    if (sessions?.size === 0) this.#rooms.delete(session.room);
    const key = sourceKey(session);
    const source = this.#sources.get(key);
    if (source?.publishers.delete(session) === true && source.publishers.size === 0) {
      this.#sources.delete(key);
    }
  }

  ended(session: Session, reason: EndReason): void {
    const { room, state } = session;
    const sessions = this.#rooms.get(room);
    // One whose offer was refused never opened.
    if (sessions?.delete(session) !== true) return;
    const liveAt = state.kind === 'ended' ? state.liveAt : null;
    const durationMs = liveAt === null ? null : this.#now() - liveAt;
    const data = { ...whoOf(session), reason, durationMs };
    this.#bus.publish({ type: 'session.ended', ...placeOf(session), data });
    this.#endSource(session, reason);
    if (sessions.size > 0) return;
    this.#rooms.delete(room);
    this.#bus.publish({ type: 'room.closed', room, data: {} });
  }

  #endSource(session: Session, reason: EndReason): void {
    const { room, source, grant } = session;
    const key = sourceKey(session);
    const known = this.#sources.get(key);
    if (known?.publishers.delete(session) !== true || known.publishers.size > 0) return;
    this.#sources.delete(key);
    const data = { subject: grant.subject, reason, durationMs: this.#now() - known.since };
    this.#bus.publish({ type: 'source.ended', room, source, data });
  }
}

const sourceKey = ({ room, source }: Session): string => `${room}/${source}`;

const placeOf = ({ room, source, id }: Session) => ({ room, source, session: id });

const whoOf = ({ kind, transport, grant, nodeName }: Session) => ({
  kind,
  transport,
  subject: grant.subject,
  node: nodeName,
});
