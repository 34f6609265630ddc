import { LIMITS } from '../../limits/limits.ts';
import type { MediaNode } from '../../media/node.ts';
import type { Logger } from '../../observability/logger.ts';
import type { SourceMedia } from '../../sdp/upstream-offer.ts';
import type { SourcePlace } from '../hosts/source-place.ts';
import type { KnownNode, Nodes } from '../nodes.ts';
import type { Registry } from '../registry.ts';
import type { NodePlace, Session } from '../session.ts';
import type { SessionObserver } from '../sessions.ts';
import type { TicketUse } from '../tickets.ts';
import { Carriage } from './carriage.ts';
import type { CarriedPlaces } from './carried-places.ts';
import type { Placement } from './placement.ts';
import type { RelayPort } from './relay-port.ts';

const TICK_MS = 1_000;
/** Time for a publisher to be back where it was. */
const WITHOUT_PUBLISHER_MS = 10_000;
/** A node that could not take a source is not asked again so soon. */
const AFTER_FAILURE_MS = 5_000;

export interface CarriageRules {
  readonly isOn: boolean;
  /** How long nobody may watch at a node before its carriage ends. */
  readonly idleMs: number;
}

/**
 * Brings a source to a second node when no more viewers fit where it is published, and takes it away
 * when nobody watches there any more.
 */
export class Carriages implements SessionObserver {
  readonly #nodes: Nodes;
  readonly #registry: Registry;
  readonly #placement: Placement;
  readonly #places: CarriedPlaces;
  readonly #relays: RelayPort;
  readonly #rules: CarriageRules;
  /** Its viewers at a node have lost their source. */
  readonly #onEnded: (source: SourcePlace) => void;
  readonly #log: Logger;
  readonly #now: () => number;
  readonly #open = new Set<Carriage>();
  readonly #closing = new Set<Carriage>();
  readonly #opening = new Map<string, Promise<boolean>>();
  /** By source and node, until when. */
  readonly #failed = new Map<string, number>();
  readonly #alone = new Map<Carriage, number>();
  #timer: NodeJS.Timeout | undefined;
  #isStopping = false;
  #begun = 0;
  #failures = 0;

  constructor(deps: {
    nodes: Nodes;
    registry: Registry;
    placement: Placement;
    places: CarriedPlaces;
    relays: RelayPort;
    rules: CarriageRules;
    onEnded: (source: SourcePlace) => void;
    log: Logger;
    /** Epoch milliseconds. */
    now: () => number;
  }) {
    this.#nodes = deps.nodes;
    this.#registry = deps.registry;
    this.#placement = deps.placement;
    this.#places = deps.places;
    this.#relays = deps.relays;
    this.#rules = deps.rules;
    this.#onEnded = deps.onEnded;
    this.#log = deps.log;
    this.#now = deps.now;
  }

  /** Those that are there or under way. */
  list(): readonly Carriage[] {
    return [...this.#open];
  }

  /** Since the start. */
  get totals(): { readonly begun: number; readonly failed: number } {
    return { begun: this.#begun, failed: this.#failures };
  }

  /** Whether one more viewer of a source fits nowhere but at a node that it would be carried to. */
  isNeeded(source: SourcePlace): boolean {
    return this.#isOpening(source) || this.#targetFor(source) !== undefined;
  }

  /** Makes room for one more viewer if that can be done; never rejects. */
  async makeRoom(source: SourcePlace): Promise<void> {
    for (;;) {
      if (!this.isNeeded(source)) return;
      const key = keyOf(source);
      let opening = this.#opening.get(key);
      if (opening === undefined) {
        opening = this.#begin(source).finally(() => this.#opening.delete(key));
        this.#opening.set(key, opening);
      }
      await opening;
    }
  }

  /** The hook of a node: whether it was asked for a carriage. */
  confirm(use: TicketUse, place: NodePlace): boolean {
    return [...this.#open].some((carriage) => carriage.confirm(use, place));
  }

  /** Whether a client that a node lists is an end of a carriage. */
  has(place: NodePlace): boolean {
    return [...this.#open, ...this.#closing].some((carriage) => carriage.isAt(place));
  }

  /** The ends at nodes of all that are there, under way or about to go. */
  places(): readonly NodePlace[] {
    return [...this.#open, ...this.#closing].flatMap((carriage) => carriage.places());
  }

  /** How many clients a node has by them. */
  clientsAt(node: MediaNode): number {
    return this.#places.clientsAt(node);
  }

  /** A node says that a client has left. */
  left(place: NodePlace): void {
    for (const carriage of this.#open) {
      if (carriage.isAt(place)) this.#end(carriage, 'a media server ended it');
    }
  }

  /** A node is gone, with all that it had. */
  lost(node: MediaNode): void {
    for (const carriage of [...this.#open]) {
      if (carriage.origin === node || carriage.target === node) {
        this.#end(carriage, 'a media server is gone', node);
      }
    }
  }

  /** A node answers, for the first time, again, or as a new run, which has nothing of the former one. */
  restarted({ node, identity }: KnownNode): void {
    for (const carriage of [...this.#open]) {
      const service = carriage.serviceAt(node);
      if (service !== null && service !== identity?.service) {
        this.#end(carriage, 'a media server was started anew', node);
      }
    }
  }

  opened(session: Session): void {
    this.#compare(session);
  }

  live(session: Session): void {
    this.#compare(session);
  }

  ended(): void {
    // By the next tick: a publisher that is replaced is back by then.
  }

  /** Ends what nobody uses. */
  tick(): void {
    const now = this.#now();
    for (const carriage of [...this.#open]) {
      const why = this.#whyEnd(carriage, now);
      if (why !== null) this.#end(carriage, why);
    }
    for (const [key, until] of this.#failed) if (until <= now) this.#failed.delete(key);
  }

  /** Ends all; resolves when the nodes know. */
  async close(): Promise<void> {
    this.#isStopping = true;
    clearInterval(this.#timer);
    const all = [...this.#open];
    this.#open.clear();
    await Promise.all(
      all.map((carriage) => {
        this.#places.delete(carriage);
        return carriage.close();
      }),
    );
  }

  async #begin(source: SourcePlace): Promise<boolean> {
    const wish = this.#targetFor(source);
    if (wish === undefined) return false;
    const { origin, target, media } = wish;
    const carriage = new Carriage(
      { ...source, origin, target, media, startedAt: this.#now() },
      { relays: this.#relays, addressOf: (node) => this.#addressOf(node) },
    );
    const names = { room: source.room, from: origin.name, to: target.name };
    this.#open.add(carriage);
    this.#places.add(carriage);
    this.#timer ??= setInterval(() => this.tick(), TICK_MS);
    this.#begun += 1;
    try {
      await carriage.open((why) => this.#end(carriage, why));
      this.#log.info(names, 'source carried to another media server');
      return true;
    } catch (error) {
      this.#failures += 1;
      this.#failed.set(failureKey(source, target), this.#now() + AFTER_FAILURE_MS);
      this.#log.warn({ ...names, err: error }, 'a source cannot be carried');
      this.#end(carriage, 'it failed');
      return false;
    }
  }

  /** Whether the room that a viewer lacks is being made. */
  #isOpening(source: SourcePlace): boolean {
    if (!this.#opening.has(keyOf(source))) return false;
    const origin = this.#publisherOf(source)?.node;
    return origin != null && this.#placement.spotFor(source, origin) === undefined;
  }

  #publisherOf({ room, source }: SourcePlace): Session | undefined {
    return this.#registry.room(room)?.publisherOf(source, 'webrtc');
  }

  /** From where to where a source would be carried for one more viewer; undefined: need not, or cannot be. */
  #targetFor(
    source: SourcePlace,
  ): { origin: MediaNode; target: MediaNode; media: SourceMedia } | undefined {
    if (!this.#rules.isOn || this.#isStopping || this.#open.size >= LIMITS.carriages)
      return undefined;
    const publisher = this.#publisherOf(source);
    const { node: origin, media } = publisher ?? {};
    // Nothing can be played before the publisher's answer.
    if (!origin || !media || publisher?.ended !== false) return undefined;
    if (this.#placement.spotFor(source, origin) !== undefined) return undefined;
    const target = this.#placement.targetFor(source, {
      origin,
      fits: ({ node }) =>
        (media.video === null || node.codecs.video.includes(media.video)) &&
        !this.#failed.has(failureKey(source, node)),
    });
    return target && { origin, target, media };
  }

  /** A publisher elsewhere, or with another codec: what is carried is not its source any more. */
  #compare({ kind, room, source, node, media }: Session): void {
    if (kind !== 'publish' || node === null) return;
    for (const carriage of this.#of({ room, source })) {
      const isSame =
        carriage.origin === node &&
        carriage.media.video === (media?.video ?? null) &&
        carriage.media.audio === (media?.audio ?? null);
      if (!isSame) this.#end(carriage, 'its publisher is another');
    }
  }

  #whyEnd(carriage: Carriage, now: number): string | null {
    const { room, source, origin, target } = carriage;
    const [from, to] = [this.#nodes.of(origin), this.#nodes.of(target)];
    if (from === undefined || to === undefined) return 'a media server was removed';
    const there = this.#registry.room(room);
    if (there?.publisherOf(source, 'webrtc') === undefined) {
      const since = this.#alone.get(carriage) ?? now;
      this.#alone.set(carriage, since);
      if (now - since >= WITHOUT_PUBLISHER_MS) return 'its publisher is gone';
    } else {
      this.#alone.delete(carriage);
    }
    if (!carriage.isReady) return null;
    const isWatched = [...(there?.viewerSessions(source) ?? [])].some(
      ({ node }) => node === target,
    );
    carriage.idleSince = isWatched ? null : (carriage.idleSince ?? now);
    if (carriage.idleSince === null) return null;
    const mostMs = to.duty === 'draining' ? 0 : this.#rules.idleMs;
    return now - carriage.idleSince >= mostMs ? 'nobody watches' : null;
  }

  #end(carriage: Carriage, why: string, lost?: MediaNode): void {
    if (!this.#open.delete(carriage)) return;
    this.#alone.delete(carriage);
    this.#places.delete(carriage);
    if (this.#open.size === 0) {
      clearInterval(this.#timer);
      this.#timer = undefined;
    }
    const { room, origin, target } = carriage;
    this.#log.info({ room, from: origin.name, to: target.name, why }, 'carriage ended');
    // Listed until the nodes have let it go, so that nobody takes it for a stranger.
    this.#closing.add(carriage);
    void carriage.close(lost).finally(() => this.#closing.delete(carriage));
    this.#onEnded(carriage);
  }

  #of(source: SourcePlace): readonly Carriage[] {
    return [...this.#open].filter((each) => keyOf(each) === keyOf(source));
  }

  #addressOf(node: MediaNode): string | null {
    const known: KnownNode | undefined = this.#nodes.of(node);
    if (known === undefined || !URL.canParse(known.apiUrl)) return null;
    return new URL(known.apiUrl).hostname.replaceAll(/[[\]]/g, '');
  }
}

const keyOf = ({ room, source }: SourcePlace): string => `${room}/${source}`;

const failureKey = (source: SourcePlace, node: MediaNode): string =>
  `${keyOf(source)} ${node.name}`;
