import { GatewayError } from '../errors.ts';
import { LIMITS } from '../limits/limits.ts';
import type { EndReason } from '../protocol/end-reason.ts';
import type { EventName, Reconnect } from '../protocol/events.ts';
import type { LayersEvent } from '../protocol/layers.ts';
import type { Announced, KeptSession } from '../rooms/kept-session.ts';
import { hasLayers } from '../rooms/layer-desk.ts';
import type { Audiences } from '../rooms/audiences.ts';
import type { Registry } from '../rooms/registry.ts';
import { PLAIN_NAMES, type RoomNames } from '../rooms/room-names.ts';
import type { Session } from '../rooms/session.ts';
import type { SessionObserver } from '../rooms/sessions.ts';
import { EventStream } from './event-stream.ts';
import { FlushQueue } from '../rooms/flush-queue.ts';
import { layersEvent } from './layers-event.ts';
import { StrandedViewers } from './stranded-viewers.ts';
import { Viewer } from './viewer.ts';

/** Ends that are ours, not the viewer's: it should come again at once. */
const COME_AGAIN: ReadonlySet<EndReason> = new Set<EndReason>(['node-lost', 'moved', 'shutdown']);
const ALWAYS: readonly EventName[] = ['active', 'inactive', 'viewercount', 'reconnect'];
const ALL_NAMES: readonly EventName[] = [...ALWAYS, 'layers'];
/** Who publishes hears that its session is over, at once; ICE needs 7 to 18 s to notice. */
const OF_PUBLISHERS: readonly EventName[] = ['reconnect'];

/** What a 201 says of events: where to ask for a stream, and which there are. */
export interface EventAnnouncement {
  readonly id: string;
  readonly names: readonly EventName[];
}

/** What a viewer asks for. */
export interface Subscription {
  /** Whatever it wrote; undefined asks for all that was announced. */
  readonly names: readonly string[] | undefined;
  /** URL of the endpoint that it came by; undefined when that is not known. */
  readonly endpoint: string | undefined;
}

/**
 * The WHEP server-sent events extension, of which who publishes hears `reconnect`: one capability
 * per session, and the streams that were opened with it. Nothing here waits for a reader.
 */
export class EventStreams implements SessionObserver {
  readonly #maxStreams: number;
  readonly #registry: Registry;
  readonly #audiences: Audiences;
  readonly #onCount: (streams: number) => void;
  readonly #onChange: (session: Session) => void;
  readonly #hasHost: (session: Session) => boolean;
  readonly #stranded = new StrandedViewers((viewer, isLive) => this.#askBack(viewer, isLive));
  readonly #viewers = new Map<Session, Viewer>();
  readonly #viewersById = new Map<string, Viewer>();
  readonly #streams = new Map<string, { stream: EventStream; viewer: Viewer }>();
  readonly #names: RoomNames;
  readonly #queue = new FlushQueue();

  constructor(deps: {
    readonly registry: Registry;
    readonly audiences: Audiences;
    readonly maxStreams: number;
    /** Told how many streams there are after each change. */
    readonly onCount: (streams: number) => void;
    readonly names?: RoomNames;
    /** A viewer asked for a stream of a session's events. */
    readonly onChange?: (session: Session) => void;
    /** Whether a host may publish the source for whoever watches; without it there is none. */
    readonly hasHost?: (session: Session) => boolean;
  }) {
    this.#names = deps.names ?? PLAIN_NAMES;
    this.#maxStreams = deps.maxStreams;
    this.#registry = deps.registry;
    this.#audiences = deps.audiences;
    this.#onCount = deps.onCount;
    this.#onChange = deps.onChange ?? (() => undefined);
    this.#hasHost = deps.hasHost ?? (() => false);
  }

  opened(session: Session): void {
    if (session.transport !== 'webrtc') return;
    // Media flows in a moment; whoever joins now is there when it does.
    if (session.kind === 'publish') this.#stranded.find(session);
    this.#welcome(session, this.#names.capability(session.room));
  }

  /** Its streams wait for their viewer, which finds them by their old addresses. */
  adopted(session: Session, { announced }: KeptSession): void {
    const { events } = announced;
    if (events === undefined) return;
    const viewer = this.#welcome(session, events.id);
    viewer.endpoint = events.endpoint;
    for (const { id, names } of events.streams) {
      this.#open(viewer, id, new Set(ALL_NAMES.filter((name) => names.includes(name))));
    }
  }

  /** Its streams are cut, not ended: their viewer asks for the same ones at once. */
  handedOver(session: Session): void {
    const viewer = this.#viewers.get(session);
    if (viewer === undefined) return;
    this.#viewers.delete(session);
    this.#viewersById.delete(viewer.id);
    viewer.leave();
    for (const stream of viewer.streams) this.#drop(stream, viewer);
  }

  /** What another gateway must know of a session's streams. */
  keptOf(session: Session): Announced['events'] {
    const viewer = this.#viewers.get(session);
    if (viewer === undefined) return undefined;
    const streams = [...viewer.streams].map(({ id, names }) => ({ id, names: [...names] }));
    return { id: viewer.id, endpoint: viewer.endpoint, streams };
  }

  live(): void {
    // the audience is told
  }

  ended(session: Session, reason: EndReason): void {
    if (session.kind === 'publish' && reason === 'node-lost') this.#stranded.lose(session);
    this.#forget(session, reason);
    if (session.kind === 'publish' && session.layers.length > 0) this.layersChanged(session);
  }

  layersChanged(publisher: Session): void {
    const key = sourceKey(publisher);
    for (const [session, viewer] of this.#viewers) {
      const layers = sourceKey(session) === key ? this.#layersFor(session) : undefined;
      if (layers !== undefined) viewer.tell('layers', layers);
    }
  }

  /** What may be announced to a session; undefined of one that comes by WebSocket. */
  announcement(session: Session): EventAnnouncement | undefined {
    const viewer = this.#viewers.get(session);
    return viewer === undefined ? undefined : { id: viewer.id, names: viewer.names };
  }

  /** The session that a capability belongs to. @throws GatewayError when there is none */
  sessionOf(viewerId: string): Session {
    return this.#viewer(viewerId).session;
  }

  /** Opens a stream for the session that the capability belongs to. @throws GatewayError */
  subscribe(viewerId: string, { names, endpoint }: Subscription): EventStream {
    const viewer = this.#viewer(viewerId);
    const wanted = (names ?? viewer.names).map((name) => announced(name, viewer.names));
    if (viewer.streams.size >= LIMITS.eventStreamsPerSession) throw tooMany();
    if (this.#streams.size >= this.#maxStreams) throw full();
    viewer.endpoint = endpoint;
    const stream = this.#open(viewer, this.#names.capability(viewer.session.room), new Set(wanted));
    this.#onChange(viewer.session);
    return stream;
  }

  #welcome(session: Session, id: string): Viewer {
    const names = namesFor(session);
    const viewer = new Viewer({ id, session, names, audiences: this.#audiences });
    this.#viewers.set(session, viewer);
    this.#viewersById.set(viewer.id, viewer);
    return viewer;
  }

  #open(viewer: Viewer, id: string, names: ReadonlySet<EventName>): EventStream {
    const stream = new EventStream({
      ...{ id, names },
      onPending: () => this.#queue.add(stream),
      onUnread: () => this.#drop(stream, viewer),
    });
    viewer.streams.add(stream);
    this.#streams.set(stream.id, { stream, viewer });
    this.#onCount(this.#streams.size);
    if (this.#isLive(viewer.session)) stream.push('active', {});
    stream.push('viewercount', { viewercount: this.#audiences.count(viewer.session) });
    const layers = this.#layersFor(viewer.session);
    if (layers !== undefined) stream.push('layers', layers);
    return stream;
  }

  /** @throws GatewayError when there is no such stream, or no longer */
  stream(id: string): EventStream {
    const known = this.#streams.get(id);
    if (known === undefined) throw gone();
    return known.stream;
  }

  /** Ends a stream and drops what it had not delivered. @throws GatewayError */
  unsubscribe(id: string): void {
    const known = this.#streams.get(id);
    if (known === undefined) throw gone();
    this.#drop(known.stream, known.viewer);
  }

  #viewer(id: string): Viewer {
    const viewer = this.#viewersById.get(id);
    if (viewer === undefined) throw gone();
    return viewer;
  }

  #forget(session: Session, reason: EndReason): void {
    const viewer = this.#viewers.get(session);
    if (viewer === undefined) return;
    this.#viewers.delete(session);
    this.#viewersById.delete(viewer.id);
    viewer.leave();
    if (reason === 'node-lost' && this.#isStranded(viewer)) {
      if (this.#isLive(session)) viewer.tell('inactive', {});
      this.#stranded.add(viewer);
    } else if (COME_AGAIN.has(reason)) this.#askBack(viewer);
    else this.#endStreams(viewer);
  }

  /** Whether its publisher is lost as well: it may end in this turn, before its viewers or after. */
  #isStranded({ session, streams }: Viewer): boolean {
    if (session.kind === 'publish' || streams.size === 0 || this.#hasHost(session)) return false;
    const publisher = this.#registry.room(session.room)?.publisherOf(session.source, 'webrtc');
    return publisher?.node === session.node || this.#stranded.hasLost(session);
  }

  #askBack(viewer: Viewer, isLive = false): void {
    const url = viewer.endpoint === undefined ? {} : { url: viewer.endpoint };
    viewer.tell('reconnect', { ...url, ...(isLive ? { live: true } : {}) } satisfies Reconnect);
    this.#endStreams(viewer);
  }

  #endStreams(viewer: Viewer): void {
    for (const stream of viewer.streams) {
      stream.flush();
      this.#drop(stream, viewer);
    }
  }

  /** Undefined for who cannot choose. */
  #layersFor(session: Session): LayersEvent | undefined {
    const mid = session.media?.videoMid ?? null;
    if (mid === null || !hasLayers(session)) return undefined;
    const publisher = this.#registry.room(session.room)?.publisherOf(session.source, 'webrtc');
    return layersEvent(mid, publisher?.layers ?? []);
  }

  #isLive({ room, source }: Session): boolean {
    return this.#registry.room(room)?.isLive(source, 'webrtc') === true;
  }

  #drop(stream: EventStream, viewer: Viewer): void {
    stream.close();
    viewer.streams.delete(stream);
    this.#streams.delete(stream.id);
    this.#onCount(this.#streams.size);
  }
}

const sourceKey = ({ room, source }: Session): string => `${room}/${source}`;

/** `layers` only where there are some (LAYER-01, LAYER-04). */
function namesFor(session: Session): readonly EventName[] {
  if (session.kind === 'publish') return OF_PUBLISHERS;
  return hasLayers(session) ? ALL_NAMES : ALWAYS;
}

function announced(name: string, names: readonly EventName[]): EventName {
  const known = names.find((one) => one === name);
  if (known !== undefined) return known;
  throw new GatewayError('bad-request', `Only these events were announced: ${names.join(', ')}.`);
}

const gone = (): GatewayError =>
  new GatewayError('not-found', 'There is no such event stream or session, or no longer.');

const tooMany = (): GatewayError =>
  new GatewayError(
    'rate-limited',
    `A session has at most ${LIMITS.eventStreamsPerSession} event streams. DELETE one first.`,
  );

const full = (): GatewayError =>
  new GatewayError('capacity', 'There are too many event streams. Try again later.', {
    retryAfterSeconds: 10,
  });
