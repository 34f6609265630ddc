import type { Grant } from '../auth/grant.ts';
import type { RoomId, SourceId } from '../protocol/ids.ts';
import type { SessionKind } from '../protocol/session-kind.ts';
import type { ReceivedOffer } from '../sdp/received-offer.ts';
import type { Arrival, Session } from './session.ts';

/** Who wants to publish or watch what; it passed authentication. */
export interface SessionWish {
  readonly kind: SessionKind;
  readonly room: RoomId;
  readonly source: SourceId;
  readonly grant: Grant;
  readonly address: string;
  /** Absent: at the moment when its session begins. */
  readonly arrival?: Arrival;
}

/** A wish with an offer. */
export interface OpenRequest extends SessionWish {
  readonly offer: ReceivedOffer;
  /** Aborted when the client went away before its answer. */
  readonly signal: AbortSignal;
}

/** A session whose offer was answered. */
export interface OpenedSession {
  readonly session: Session;
  readonly answer: string;
}
