import type { RoomId, SourceId } from '../protocol/ids.ts';
import type { Transport } from '../protocol/transport.ts';
import type { SessionKind } from '../protocol/session-kind.ts';
import type { Registry } from './registry.ts';
import type { Session, SessionState } from './session.ts';

/** Which sessions are wanted: of those that fit, `limit` from after the ordinal `after`. */
export interface SessionWanted {
  readonly room?: RoomId;
  readonly source?: SourceId;
  readonly subject?: string;
  readonly kind?: SessionKind;
  readonly state?: SessionState['kind'];
  readonly transport?: Transport;
  /** Stands in room, source, subject or address, in any case of letters. */
  readonly q?: string;
  readonly order: 'oldest' | 'newest';
  readonly after: number | undefined;
  readonly limit: number;
  /** Undefined: every room. */
  readonly mayShow: ((room: RoomId) => boolean) | undefined;
}

/** `next` is the ordinal to go on after; null at the end. `total` counts all that fit. */
export interface SessionsFound {
  readonly sessions: readonly Session[];
  readonly next: number | null;
  readonly total: number;
}

/** One pass over the sessions of the room, of the subject, or of all. */
export function findSessions(registry: Registry, wanted: SessionWanted): SessionsFound {
  const { order, after, limit } = wanted;
  const candidates = candidatesOf(registry, wanted);
  const isFiltered = FILTERS.some((name) => wanted[name] !== undefined);
  const found = isFiltered ? candidates.filter(fitsOf(wanted)) : candidates;
  const isOldest = order === 'oldest';
  const inOrder = isOldest ? found : found.toReversed();
  const isLeft = ({ ordinal }: Session): boolean =>
    after === undefined || (isOldest ? ordinal > after : ordinal < after);
  const start = after === undefined ? 0 : inOrder.findIndex(isLeft);
  const sessions = start < 0 ? [] : inOrder.slice(start, start + limit);
  const isEnd = start < 0 || start + limit >= inOrder.length;
  return {
    sessions,
    next: isEnd ? null : (sessions.at(-1)?.ordinal ?? null),
    total: found.length,
  };
}

const FILTERS = ['mayShow', 'source', 'subject', 'kind', 'state', 'transport', 'q'] as const;

function candidatesOf(registry: Registry, { room, subject }: SessionWanted): readonly Session[] {
  if (room !== undefined) return registry.room(room)?.sessions() ?? [];
  if (subject !== undefined) return [...registry.ofSubject(subject)];
  return registry.sessions();
}

function fitsOf({ source, subject, kind, state, transport, q, mayShow }: SessionWanted) {
  const text = q?.toLowerCase();
  return (session: Session): boolean =>
    (mayShow === undefined || mayShow(session.room)) &&
    (source === undefined || session.source === source) &&
    (subject === undefined || session.grant.subject === subject) &&
    (kind === undefined || session.kind === kind) &&
    (state === undefined || session.state.kind === state) &&
    (transport === undefined || session.transport === transport) &&
    (text === undefined || session.mentions(text));
}
