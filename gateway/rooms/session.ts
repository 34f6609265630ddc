import type { SourceMedia } from '../sdp/upstream-offer.ts';
import type { Grant } from '../auth/grant.ts';
import type { MediaNode, NodeLayer } from '../media/node.ts';
import type { EndReason } from '../protocol/end-reason.ts';
import type { SessionKind } from '../protocol/session-kind.ts';
import type { SessionView } from '../protocol/api/sessions.ts';
import type { Transport } from '../protocol/transport.ts';
import type { RoomId, SessionId, SessionSecret, SourceId } from '../protocol/ids.ts';
import { NO_SPAN, type Span } from '../tracing/span.ts';

/** What brings a session's media: a node that answered, or a socket of ours. */
export interface Carrier {
  /** Ends it there; idempotent, never rejects. */
  release(reason: EndReason): Promise<void> | void;
}

/**
 * What a session has in each of its states:
 * `offering` (the offer is at the node) → `connecting` (answered) → `live` (media flows) → `ended`.
 * A session whose media goes by a socket is `live` from its beginning.
 */
export type SessionState =
  | { readonly kind: 'offering' }
  | { readonly kind: 'connecting'; readonly carrier: Carrier; readonly answeredAt: number }
  | { readonly kind: 'live'; readonly carrier: Carrier; readonly liveAt: number }
  | { readonly kind: 'ended'; readonly reason: EndReason; readonly liveAt: number | null };

/** What the answer settled, for viewers to come and for the room view. */
export interface SessionMedia extends SourceMedia {
  /** ICE user names of the client's offer: they tell trickle from restart. */
  readonly offerUfrags: readonly string[];
  /** The client's name for its video m-line; null without video. */
  readonly videoMid: string | null;
}

/** The request of a session: when it came, and when its token was found good; epoch milliseconds. */
export interface Arrival {
  readonly at: number;
  readonly authenticatedAt: number;
  /** The `X-Request-Id` of its answer. */
  readonly request?: string | undefined;
  /** Of its trace. */
  readonly span?: Span;
}

/** Who the node says the session is there. */
export interface NodePlace {
  readonly service: string;
  readonly clientId: string;
}

/**
 * One WHIP or WHEP resource, or one socket of `/ws/media`. Its state changes only through `Sessions`.
 */
export class Session<Node extends MediaNode | null = MediaNode | null> {
  readonly id: SessionId;
  readonly secret: SessionSecret;
  /** Strong entity-tag, quotes included (RFC 9725 §4.3.1). */
  readonly etag: string;
  readonly kind: SessionKind;
  readonly room: RoomId;
  readonly source: SourceId;
  readonly grant: Grant;
  readonly address: string;
  /** Null where its media goes through the gateway. */
  readonly node: Node;
  readonly startedAt: number;
  readonly arrival: Arrival;
  /** Counts sessions in the order in which they began; the registry's. */
  ordinal = 0;
  state: SessionState = { kind: 'offering' };
  media: SessionMedia | null = null;
  /** What its answer settles if the node takes the whole offer; null of a session by a socket. */
  expected: SessionMedia | null = null;
  place: NodePlace | null = null;
  /** Of the offer that is under way at its node, to which the node's hook belongs. */
  offerSpan: Span = NO_SPAN;
  /** A publisher's simulcast layers, lowest first, as its node last told. */
  layers: readonly NodeLayer[] = [];
  #searched: string | undefined;

  constructor(
    given: Pick<
      Session<Node>,
      | 'id'
      | 'secret'
      | 'etag'
      | 'kind'
      | 'room'
      | 'source'
      | 'grant'
      | 'address'
      | 'node'
      | 'startedAt'
      | 'arrival'
    >,
  ) {
    this.id = given.id;
    this.secret = given.secret;
    this.etag = given.etag;
    this.kind = given.kind;
    this.room = given.room;
    this.source = given.source;
    this.grant = given.grant;
    this.address = given.address;
    this.node = given.node;
    this.startedAt = given.startedAt;
    this.arrival = given.arrival;
  }

  get transport(): Transport {
    return this.node === null ? 'websocket' : 'webrtc';
  }

  /** Where its media goes, for people. */
  get nodeName(): string {
    return this.node?.name ?? 'websocket';
  }

  get ended(): boolean {
    return this.state.kind === 'ended';
  }

  /** Whether room, source, subject or address holds a text, which is in lower case. */
  mentions(text: string): boolean {
    const { room, source, grant, address } = this;
    this.#searched ??= [room, source, grant.subject, address].join('\n').toLowerCase();
    return this.#searched.includes(text);
  }

  /** What an admin sees; the secret is not in it. */
  toView(): SessionView {
    const { state } = this;
    return {
      id: this.id,
      kind: this.kind,
      room: this.room,
      source: this.source,
      subject: this.grant.subject,
      jti: this.grant.tokenId ?? null,
      state: state.kind,
      endReason: state.kind === 'ended' ? state.reason : null,
      transport: this.transport,
      node: this.nodeName,
      address: this.address,
      startedAt: this.startedAt,
      liveAt: 'liveAt' in state ? state.liveAt : null,
    };
  }
}
