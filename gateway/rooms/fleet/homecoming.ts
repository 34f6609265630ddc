import type { EndReason } from '../../protocol/end-reason.ts';
import type { RoomId, SourceId } from '../../protocol/ids.ts';
import type { Registry } from '../registry.ts';
import type { Session } from '../session.ts';
import type { SessionObserver } from '../sessions.ts';
import type { SourcePlace } from '../hosts/source-place.ts';
import type { CarriedPlaces } from './carried-places.ts';

interface SessionEnds {
  end(session: Session, reason: EndReason): Promise<void>;
}

/** Time for each viewer, so that the other node gets 250 offers a second. */
const PER_VIEWER_MS = 4;
const LONGEST_MS = 10_000;

/**
 * Brings viewers to their source: when it is live at another node than theirs, they are told to come
 * again, one by one at random.
 */
export class Homecoming implements SessionObserver {
  readonly #registry: Registry;
  readonly #carried: CarriedPlaces;
  readonly #random: () => number;
  #sessions: SessionEnds | undefined;
  readonly #timers = new Map<Session, NodeJS.Timeout>();

  constructor(deps: {
    registry: Registry;
    carried: CarriedPlaces;
    /** 0 up to 1. */
    random: () => number;
  }) {
    this.#registry = deps.registry;
    this.#carried = deps.carried;
    this.#random = deps.random;
  }

  /** By what viewers are told. */
  use(sessions: SessionEnds): void {
    this.#sessions = sessions;
  }

  opened(session: Session): void {
    // Of an offer that was under way while its source moved.
    if (session.kind === 'watch' && this.#isAstray(session)) this.#bring([session]);
  }

  live(session: Session): void {
    if (session.kind === 'publish' && session.node !== null) this.gather(session);
  }

  /** Tells those viewers of a source to come again that are where it is not. */
  gather({ room, source }: SourcePlace): void {
    const viewers = this.#registry.room(room)?.viewerSessions(source) ?? [];
    this.#bring([...viewers].filter((viewer) => this.#isAstray(viewer)));
  }

  ended(session: Session): void {
    clearTimeout(this.#timers.get(session));
    this.#timers.delete(session);
  }

  adopted(session: Session): void {
    if (session.kind === 'watch') this.opened(session);
    else this.live(session);
  }

  handedOver(session: Session): void {
    this.ended(session);
  }

  close(): void {
    for (const timer of this.#timers.values()) clearTimeout(timer);
    this.#timers.clear();
  }

  #bring(viewers: readonly Session[]): void {
    const spreadMs = Math.min(LONGEST_MS, viewers.length * PER_VIEWER_MS);
    for (const viewer of viewers) {
      if (this.#timers.has(viewer)) continue;
      const go = (): void => {
        this.#timers.delete(viewer);
        if (this.#isAstray(viewer)) void this.#sessions?.end(viewer, 'moved');
      };
      this.#timers.set(viewer, setTimeout(go, spreadMs * this.#random()));
    }
  }

  /** Whether its source is live at another node. */
  #isAstray({ room, source, node, ended }: Session): boolean {
    if (node === null || ended) return false;
    const publisher = this.#publisherOf(room, source);
    if (this.#carried.isAt({ room, source }, node)) return false;
    return publisher?.state.kind === 'live' && publisher.node !== node;
  }

  #publisherOf(room: RoomId, source: SourceId): Session | undefined {
    return this.#registry.room(room)?.publisherOf(source, 'webrtc');
  }
}
