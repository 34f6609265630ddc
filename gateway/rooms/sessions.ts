import { randomBytes } from 'node:crypto';
import type { HookCall, MediaNode, NodeLayer } from '../media/node.ts';
import type { EndReason } from '../protocol/end-reason.ts';
import type { Transport } from '../protocol/transport.ts';
import { SessionId, SessionSecret, type RoomId } from '../protocol/ids.ts';
import { repairAnswer } from '../sdp/answer.ts';
import type { Offer } from '../sdp/offer.ts';
import { toUpstreamOffer, type SourceMedia, type UpstreamOffer } from '../sdp/upstream-offer.ts';
import { requireCapacity, type CapacityRules } from './capacity.ts';
import type { NodePlacement, SourceCarrier } from './fleet/node-placement.ts';
import { adoptSession, letGo } from './hand-over.ts';
import type { KeptSession } from './kept-session.ts';
import { outline } from './layer-outline.ts';
import { NodeOffers } from './node-offers.ts';
import { busy, endedEarly, hookMissing, noPublisher, stopping } from './refusals.ts';
import type { Registry } from './registry.ts';
import { PLAIN_NAMES, type RoomNames } from './room-names.ts';
import type { SessionObserver } from './session-observer.ts';
import type { OpenedSession, OpenRequest, SessionWish } from './session-wish.ts';
import { Session, type Carrier, type NodePlace } from './session.ts';
import type { Tickets, TicketUse } from './tickets.ts';
import type { Announce } from './trials.ts';
import { traceHook } from '../tracing/hook-trace.ts';
import { tracedNow } from '../tracing/traced.ts';

export type { SessionObserver } from './session-observer.ts';
export type { NodePlacement } from './fleet/node-placement.ts';
export type { OpenedSession, OpenRequest, SessionWish } from './session-wish.ts';

export interface SessionRules extends CapacityRules {
  readonly withoutPublisher: 'refuse' | 'wait';
}

/** The msid of what viewers receive: says nothing about the node. */
const MEDIA_STREAM_ID = 'pixelcast';
/** Reasons by which the node or the socket has ended the session already. */
const ENDED_BY_CARRIER: ReadonlySet<EndReason> = new Set<EndReason>(['left', 'node-lost']);

/** Opens and ends sessions: the only writer of their state. */
export class Sessions {
  readonly registry: Registry;
  readonly #tickets: Tickets;
  readonly #offers: NodeOffers;
  readonly #placement: NodePlacement;
  readonly #carrier: SourceCarrier;
  readonly #announce: Announce;
  readonly #rules: SessionRules;
  readonly #observer: SessionObserver;
  readonly #names: RoomNames;
  readonly #keep: (session: Session) => Promise<void>;
  readonly #now: () => number;
  readonly #openings = new Set<Promise<OpenedSession>>();
  #open = true;

  constructor(deps: {
    registry: Registry;
    tickets: Tickets;
    placement: NodePlacement;
    carrier: SourceCarrier;
    announce: Announce;
    rules: SessionRules;
    observer: SessionObserver;
    names?: RoomNames;
    /** Writes a session down that was answered; its client hears of it after that. */
    keep?: (session: Session) => Promise<void>;
    now: () => number;
  }) {
    this.registry = deps.registry;
    this.#tickets = deps.tickets;
    this.#offers = new NodeOffers(deps);
    this.#placement = deps.placement;
    this.#carrier = deps.carrier;
    this.#announce = deps.announce;
    this.#rules = deps.rules;
    this.#observer = deps.observer;
    this.#names = deps.names ?? PLAIN_NAMES;
    this.#keep = deps.keep ?? (() => Promise.resolve());
    this.#now = deps.now;
  }

  /**
   * Takes an offer to a node and resolves with the session and the repaired answer.
   * Nothing reaches the node before the offer passed the firewall and the room's rules; whatever
   * fails afterwards is taken back there.
   * @throws GatewayError
   */
  async open(request: OpenRequest): Promise<OpenedSession> {
    const opening = this.#openSession(request);
    this.#openings.add(opening);
    try {
      return await opening;
    } finally {
      this.#openings.delete(opening);
    }
  }

  async #openSession(request: OpenRequest): Promise<OpenedSession> {
    if (request.kind === 'watch' && this.#carrier.isNeeded(request)) {
      // Who would be refused must not cause a carriage.
      request.offer.read();
      this.#admit(request, 'webrtc');
      await this.#carrier.makeRoom(request);
    }
    const { offer, replaced, node, upstream } = tracedNow(request.arrival?.span, 'read offer', () =>
      this.#read(request),
    );
    // Ended here before the next claim, without a gap for a third; waited for below.
    const replacedAtNode = replaced && this.end(replaced, 'replaced');
    const session = this.#create(request, node);
    const { codec: video, audio, videoMid } = upstream;
    session.expected = { video, audio, videoMid, offerUfrags: offer.ufrags };
    try {
      await replacedAtNode;
      return { session, answer: await this.#negotiate(session, offer, upstream, request.signal) };
    } catch (error) {
      const early = session.ended;
      await this.end(session, 'refused');
      throw early ? endedEarly(session) : error;
    }
  }

  /** All that is decided before anything changes. @throws GatewayError */
  #read(request: OpenRequest): {
    readonly offer: Offer;
    readonly replaced: Session | undefined;
    readonly node: MediaNode;
    readonly upstream: UpstreamOffer;
  } {
    const offer = request.offer.read();
    const { replaced } = this.#admit(request, 'webrtc');
    const { node, source } = this.#place(request);
    return { offer, replaced, node, upstream: toUpstreamOffer(offer, node.codecs, source) };
  }

  /** Whether `openBySocket` would succeed now. @throws GatewayError */
  requirePlace(wish: SessionWish): void {
    this.#admit(wish, 'websocket');
  }

  /**
   * A session whose media goes by a socket of ours: live at once, with or without a publisher.
   * @throws GatewayError
   */
  openBySocket(wish: SessionWish, carrier: Carrier): Session {
    const { replaced } = this.#admit(wish, 'websocket');
    const session = this.#create(wish, null);
    session.state = { kind: 'live', carrier, liveAt: this.#now() };
    // After its successor stands there: who watches need not hear of it.
    if (replaced !== undefined) void this.end(replaced, 'replaced');
    this.#observer.opened(session);
    this.#observer.live(session);
    return session;
  }

  /** The hook of a node: a session it was asked for exists there. False: it must be refused. */
  confirm(use: TicketUse, place: NodePlace, call?: HookCall): boolean {
    const session = this.#tickets.redeem(use);
    if (session === undefined) return false;
    traceHook(session, call);
    this.registry.settle(session, place);
    return true;
  }

  /** Media flows; later calls do nothing. */
  setLive(session: Session): void {
    if (session.state.kind !== 'connecting') return;
    session.state = { kind: 'live', carrier: session.state.carrier, liveAt: this.#now() };
    this.#observer.live(session);
  }

  /** What the node says of a publisher's layers. */
  setLayers(session: Session, layers: readonly NodeLayer[]): void {
    const changed = outline(layers) !== outline(session.layers);
    session.layers = layers;
    if (changed) this.#observer.layersChanged?.(session);
  }

  /**
   * Ends a session, here at once and then at its node or socket; resolves when that knows.
   * Idempotent: the first reason stays.
   */
  async end(session: Session, reason: EndReason): Promise<void> {
    const { state } = session;
    if (state.kind === 'ended') return;
    session.state = { kind: 'ended', reason, liveAt: state.kind === 'live' ? state.liveAt : null };
    this.registry.delete(session);
    this.#observer.ended(session, reason);
    if (reason === 'node-lost') this.#offers.abandon(session);
    if (ENDED_BY_CARRIER.has(reason)) return;
    if (state.kind !== 'offering') await state.carrier.release(reason);
    // While the offer is under way its own caller clears up: SRS 6 uses a session after free.
    else if (reason === 'refused') await this.#offers.remove(session);
  }

  /**
   * Goes on with a session that another gateway opened, at its node. False: its name is taken, or
   * another session stands in its place.
   */
  adopt(kept: KeptSession, node: MediaNode): boolean {
    return adoptSession(kept, node, this.registry, this.#observer);
  }

  /**
   * Forgets the sessions of a room, which go on at another gateway: nothing is ended at their nodes.
   * Sockets are told to come again; offers under way are taken back.
   */
  handOver(room: RoomId): void {
    for (const session of this.registry.room(room)?.sessions() ?? []) {
      if (letGo(session, this.registry, this.#observer)) continue;
      void this.end(session, session.node === null ? 'moved' : 'refused');
    }
  }

  /** Refuses new sessions; resolves when no offer is under way any more. What there is goes on. */
  async settle(): Promise<void> {
    this.#open = false;
    await Promise.allSettled(this.#openings);
  }

  /** Ends a session for an administrator; a publisher does not go on in its other mode. */
  async kick(session: Session): Promise<void> {
    const { kind, room, source } = session;
    const publishers = this.registry.room(room)?.publishersOf(source) ?? [];
    const all = kind === 'publish' ? new Set([session, ...publishers]) : [session];
    await Promise.all([...all].map((each) => this.end(each, 'kicked')));
  }

  /** Ends all sessions and refuses new ones; resolves when no offer is under way any more. */
  async close(): Promise<void> {
    this.#open = false;
    await Promise.all(this.registry.sessions().map((session) => this.end(session, 'shutdown')));
    // Their nodes still ask our hooks, which are answered until this is done.
    await Promise.allSettled(this.#openings);
  }

  /**
   * Whether a session may be. `replaced` is the publisher that makes way: the same person may publish
   * the same source anew, since a reload must not wait for a timeout, and in both modes at once.
   */
  #admit(wish: SessionWish, transport: Transport): { replaced: Session | undefined } {
    if (!this.#open) throw stopping();
    const { subject } = wish.grant;
    const publishers =
      wish.kind === 'publish'
        ? (this.registry.room(wish.room)?.publishersOf(wish.source) ?? [])
        : [];
    if (publishers.some(({ grant }) => grant.subject !== subject)) throw busy();
    const replaced = publishers.find((each) => each.transport === transport);
    requireCapacity(this.registry, this.#rules, {
      ...wish,
      transport,
      subject,
      replaces: replaced !== undefined,
    });
    return { replaced };
  }

  /** The node of an offer, and what its source has there. */
  #place(wish: OpenRequest): { node: MediaNode; source?: SourceMedia | undefined } {
    if (wish.kind === 'publish') return { node: this.#placement.forSource(wish) };
    const room = this.registry.room(wish.room);
    const publisher = room?.publisherOf(wish.source, 'webrtc');
    if (publisher === undefined && this.#rules.withoutPublisher === 'refuse') {
      throw noPublisher(room?.transportsOf(wish.source) ?? []);
    }
    const there = publisher?.node ?? null;
    return {
      node:
        there === null ? this.#placement.forSource(wish) : this.#placement.forViewer(wish, there),
      source: publisher?.media ?? undefined,
    };
  }

  #create<Node extends MediaNode | null>(wish: SessionWish, node: Node): Session<Node> {
    const startedAt = this.#now();
    const session = new Session({
      ...wish,
      arrival: wish.arrival ?? { at: startedAt, authenticatedAt: startedAt },
      node,
      id: SessionId.parse(this.#names.id(wish.room)),
      secret: SessionSecret.parse(this.#names.capability(wish.room)),
      etag: `"${randomBytes(8).toString('hex')}"`,
      startedAt,
    });
    this.registry.add(session);
    return session;
  }

  async #negotiate(
    session: Session<MediaNode>,
    offer: Offer,
    upstream: UpstreamOffer,
    signal: AbortSignal,
  ): Promise<string> {
    const answer = await this.#offers.open(session, upstream);
    try {
      if (session.place === null) throw hookMissing();
      const { node, address } = session;
      const repaired = tracedNow(session.arrival.span, 'repair answer', () =>
        repairAnswer(answer.sdp, offer, {
          mediaStreamId: MEDIA_STREAM_ID,
          announce: (own) => this.#announce(node, own, address),
        }),
      );
      if (session.ended || signal.aborted) throw endedEarly(session);
      const { video, audio, videoMid } = repaired;
      session.media = { video, audio, videoMid, offerUfrags: offer.ufrags };
      session.state = { kind: 'connecting', carrier: answer, answeredAt: this.#now() };
      this.#observer.opened(session);
      await this.#keep(session);
      return repaired.sdp;
    } catch (error) {
      await answer.release();
      throw error;
    }
  }
}
