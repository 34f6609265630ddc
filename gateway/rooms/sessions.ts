import { randomBytes } from 'node:crypto';
import type { Grant } from '../auth/grant.ts';
import { GatewayError } from '../errors.ts';
import type { MediaNode, NodeAnswer, NodeLayer } from '../media/node.ts';
import type { EndReason, SessionKind } from '../protocol/api.ts';
import { SessionId, SessionSecret, type RoomId, type SourceId } from '../protocol/ids.ts';
import { repairAnswer } from '../sdp/answer.ts';
import { readOffer, type Offer } from '../sdp/offer.ts';
import { toUpstreamOffer, type SourceMedia, type UpstreamOffer } from '../sdp/upstream-offer.ts';
import { requireCapacity, type CapacityRules } from './capacity.ts';
import { busy, endedEarly, hookMissing, noPublisher, stopping } from './refusals.ts';
import type { Registry } from './registry.ts';
import { Session, type NodePlace } from './session.ts';
import type { Tickets } from './tickets.ts';

/** An offer that passed authentication. */
export interface OpenRequest {
  readonly kind: SessionKind;
  readonly room: RoomId;
  readonly source: SourceId;
  readonly grant: Grant;
  readonly offer: string;
  readonly address: string;
  /** Aborted when the client went away before its answer. */
  readonly signal: AbortSignal;
}

/** What happens to sessions, for logs and metrics; observers never change the outcome. */
export interface SessionObserver {
  opened(session: Session): void;
  live(session: Session): void;
  ended(session: Session, reason: EndReason): void;
  /** A publisher's layers came, went, stopped or have another size. */
  layersChanged?(session: Session): void;
}

export interface OpenedSession {
  readonly session: Session;
  readonly answer: string;
}

export interface SessionRules extends CapacityRules {
  readonly withoutPublisher: 'refuse' | 'wait';
}

/** The msid of what viewers receive: says nothing about the node. */
const MEDIA_STREAM_ID = 'pixelcast';
/** Reasons by which the node itself has ended the session already. */
const ENDED_BY_NODE: ReadonlySet<EndReason> = new Set<EndReason>(['left', 'node-lost']);

/** Opens and ends sessions: the only writer of their state. */
export class Sessions {
  readonly registry: Registry;
  readonly #tickets: Tickets;
  readonly #pickNode: () => MediaNode;
  readonly #rules: SessionRules;
  readonly #observer: SessionObserver;
  readonly #now: () => number;
  readonly #openings = new Set<Promise<OpenedSession>>();
  #open = true;

  constructor(deps: {
    registry: Registry;
    tickets: Tickets;
    pickNode: () => MediaNode;
    rules: SessionRules;
    observer: SessionObserver;
    now: () => number;
  }) {
    this.registry = deps.registry;
    this.#tickets = deps.tickets;
    this.#pickNode = deps.pickNode;
    this.#rules = deps.rules;
    this.#observer = deps.observer;
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
    const offer = readOffer(request.offer, request.kind);
    const { node, source, replaced } = this.#admit(request);
    const upstream = toUpstreamOffer(offer, node.codecs, source);
    // Ended here before the next claim, without a gap for a third; waited for below.
    const replacedAtNode = replaced && this.end(replaced, 'replaced');
    const session = this.#create(request, node);
    try {
      await replacedAtNode;
      return { session, answer: await this.#negotiate(session, offer, upstream, request.signal) };
    } catch (error) {
      const early = session.ended;
      await this.end(session, 'refused');
      throw early ? endedEarly(session) : error;
    }
  }

  /** The hook of a node: a session it was asked for exists there. False: it must be refused. */
  confirm(
    use: { ticket: string; kind: SessionKind; room: string; source: string },
    place: NodePlace,
  ): boolean {
    const session = this.#tickets.redeem(use);
    if (session === undefined) return false;
    this.registry.settle(session, place);
    return true;
  }

  /** Media flows; later calls do nothing. */
  setLive(session: Session): void {
    if (session.state.kind !== 'connecting') return;
    session.state = { kind: 'live', upstream: session.state.upstream, liveAt: this.#now() };
    this.#observer.live(session);
  }

  /** What the node says of a publisher's layers. */
  setLayers(session: Session, layers: readonly NodeLayer[]): void {
    const changed = outline(layers) !== outline(session.layers);
    session.layers = layers;
    if (changed) this.#observer.layersChanged?.(session);
  }

  /**
   * Ends a session, here at once and then at its node; resolves when the node knows. Idempotent:
   * the first reason stays.
   */
  async end(session: Session, reason: EndReason): Promise<void> {
    const { state } = session;
    if (state.kind === 'ended') return;
    session.state = { kind: 'ended', reason, liveAt: state.kind === 'live' ? state.liveAt : null };
    this.registry.delete(session);
    this.#observer.ended(session, reason);
    if (ENDED_BY_NODE.has(reason)) return;
    if (state.kind !== 'offering') await state.upstream.release();
    // While the offer is under way its own caller clears up: SRS 6 uses a session after free.
    else if (reason === 'refused') await this.#removeAtNode(session);
  }

  /** Ends all sessions and refuses new ones; resolves when no offer is under way any more. */
  async close(): Promise<void> {
    this.#open = false;
    await Promise.all(this.registry.sessions().map((session) => this.end(session, 'shutdown')));
    // Their nodes still ask our hooks, which are answered until this is done.
    await Promise.allSettled(this.#openings);
  }

  /**
   * Where a session may go. `replaced` is the publisher that makes way: the same person may publish
   * the same source anew, since a reload must not wait for a timeout.
   */
  #admit(request: OpenRequest): {
    node: MediaNode;
    source?: SourceMedia | undefined;
    replaced?: Session | undefined;
  } {
    if (!this.#open) throw stopping();
    const room = this.registry.room(request.room);
    const publisher = room?.publisherOf(request.source);
    const replaced = request.kind === 'publish' ? publisher : undefined;
    if (replaced !== undefined && replaced.grant.subject !== request.grant.subject) throw busy();
    requireCapacity(this.registry, this.#rules, {
      ...request,
      subject: request.grant.subject,
      replaces: replaced !== undefined,
    });
    if (request.kind === 'publish') return { node: this.#pickNode(), replaced };
    if (publisher === undefined && this.#rules.withoutPublisher === 'refuse') throw noPublisher();
    return {
      node: publisher?.node ?? this.#pickNode(),
      source: publisher?.media ?? undefined,
    };
  }

  #create(request: OpenRequest, node: MediaNode): Session {
    const session = new Session({
      ...request,
      node,
      id: SessionId.parse(randomBytes(8).toString('hex')),
      secret: SessionSecret.parse(randomBytes(24).toString('base64url')),
      etag: `"${randomBytes(8).toString('hex')}"`,
      startedAt: this.#now(),
    });
    this.registry.add(session);
    return session;
  }

  async #negotiate(
    session: Session,
    offer: Offer,
    upstream: UpstreamOffer,
    signal: AbortSignal,
  ): Promise<string> {
    const answer = await this.#openAtNode(session, upstream);
    try {
      if (session.place === null) throw hookMissing();
      const repaired = repairAnswer(answer.sdp, offer, { mediaStreamId: MEDIA_STREAM_ID });
      if (session.ended || signal.aborted) throw endedEarly(session);
      const { video, audio, videoMid } = repaired;
      session.media = { video, audio, videoMid, offerUfrags: offer.ufrags };
      session.state = { kind: 'connecting', upstream: answer, answeredAt: this.#now() };
      this.#observer.opened(session);
      return repaired.sdp;
    } catch (error) {
      await answer.release();
      throw error;
    }
  }

  /**
   * Asks the node, and once more after clearing the source there: while we hold the claim, any
   * other publisher of it at the node is an orphan that keeps the name busy (srs.md P1, P15).
   */
  async #openAtNode(session: Session, upstream: UpstreamOffer): Promise<NodeAnswer> {
    try {
      return await this.#openOnce(session, upstream);
    } catch (error) {
      if (session.kind !== 'publish' || session.ended || !isRefusal(error)) throw error;
      // What the node now says of the first try is no news of this session.
      const place = this.registry.unsettle(session);
      if (!(await this.#clearSource(session))) {
        if (place !== null) this.registry.settle(session, place);
        throw error;
      }
      return await this.#openOnce(session, upstream);
    }
  }

  async #openOnce(session: Session, upstream: UpstreamOffer): Promise<NodeAnswer> {
    if (session.ended) throw endedEarly(session);
    const ticket = this.#tickets.issue(session);
    const { kind, room, source, address, node } = session;
    return await node
      .open({ kind, room, source, address, ticket, ...upstream })
      .finally(() => this.#tickets.revoke(ticket));
  }

  /** True when something was removed. */
  async #clearSource({ node, room, source }: Session): Promise<boolean> {
    const clients = await node.clients().catch(() => []);
    const orphans = clients.filter(
      ({ kind, path }) => kind === 'publish' && path === `${room}/${source}`,
    );
    const removed = await Promise.all(
      orphans.map(({ clientId }) => node.remove(clientId).catch(() => false)),
    );
    return removed.includes(true);
  }

  /** An offer that failed may have left a client at the node that keeps the name (srs.md P1). */
  async #removeAtNode({ node, place }: Session): Promise<void> {
    if (place !== null) await node.remove(place.clientId).catch(() => undefined);
  }
}

/** What of layers is worth telling: bitrates change all the time. */
const outline = (layers: readonly NodeLayer[]): string =>
  layers.map(({ rid, width, height, active }) => `${rid} ${width} ${height} ${active}`).join();

const isRefusal = (error: unknown): boolean =>
  error instanceof GatewayError &&
  (error.code === 'upstream-rejected' || error.code === 'source-busy');
