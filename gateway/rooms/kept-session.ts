import type { Grant } from '../auth/grant.ts';
import type { SessionKind } from '../protocol/session-kind.ts';
import type { RoomId, SessionId, SessionSecret, SourceId } from '../protocol/ids.ts';
import type { MediaNode } from '../media/node.ts';
import { Session, type NodePlace, type SessionMedia } from './session.ts';

/**
 * What another gateway must know of a session of WHIP or WHEP to go on with it. Times are epoch
 * milliseconds.
 */
export interface KeptSession {
  readonly id: SessionId;
  readonly secret: SessionSecret;
  readonly etag: string;
  readonly kind: SessionKind;
  readonly room: RoomId;
  readonly source: SourceId;
  readonly grant: Grant;
  readonly address: string;
  /** By the name that this gateway has for it; another may have another. */
  readonly node: string;
  readonly place: NodePlace;
  readonly startedAt: number;
  readonly arrival: {
    readonly at: number;
    readonly authenticatedAt: number;
    readonly request?: string | undefined;
  };
  readonly answeredAt: number;
  /** Null: media was not seen yet. */
  readonly liveAt: number | null;
  readonly media: SessionMedia;
  /** What was announced beside it, by what it is for. */
  readonly announced: Announced;
}

/** Capabilities that belong to a session, and what its viewer asked for by them. */
export interface Announced {
  readonly layers?: string | undefined;
  readonly events?:
    | {
        readonly id: string;
        readonly endpoint?: string | undefined;
        readonly streams: readonly { readonly id: string; readonly names: readonly string[] }[];
      }
    | undefined;
}

/**
 * Undefined of a session that cannot go on elsewhere: by a socket, not known to its node yet, or over.
 * One without an answer is kept as what the node was asked for.
 */
export function keptOf(session: Session, announced: Announced): KeptSession | undefined {
  const { state, node, place } = session;
  const media = session.media ?? session.expected;
  if (node === null || place === null || media === null || session.ended) return undefined;
  const { id, secret, etag, kind, room, source, grant, address, startedAt } = session;
  const { at, authenticatedAt, request } = session.arrival;
  return {
    ...{ id, secret, etag, kind, room, source, grant, address, startedAt },
    arrival: { at, authenticatedAt, request },
    node: node.name,
    ...{ place, media, announced },
    answeredAt: state.kind === 'connecting' ? state.answeredAt : startedAt,
    liveAt: state.kind === 'live' ? state.liveAt : null,
  };
}

/** The session again; it is ended at its node by the id that the node's list has. */
export function sessionOf(kept: KeptSession, node: MediaNode): Session<MediaNode> {
  const session = new Session({ ...kept, node });
  const { clientId } = kept.place;
  let removed: Promise<void> | undefined;
  const remove = async (): Promise<void> => {
    await node.remove(clientId).catch(() => undefined);
  };
  const carrier = { release: () => (removed ??= remove()) };
  session.state =
    kept.liveAt === null
      ? { kind: 'connecting', carrier, answeredAt: kept.answeredAt }
      : { kind: 'live', carrier, liveAt: kept.liveAt };
  session.media = kept.media;
  return session;
}
