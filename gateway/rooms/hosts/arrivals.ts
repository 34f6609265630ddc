import { LIMITS } from '../../limits/limits.ts';
import type { ReceivedOffer } from '../../sdp/received-offer.ts';
import { noPublisher, stopping } from '../refusals.ts';
import type { Registry } from '../registry.ts';
import type { Session } from '../session.ts';
import type { Host } from './host.ts';
import type { SourcePlace } from './source-place.ts';
import type { Sources } from './sources.ts';

/** An offer to watch, before it is taken to a node. */
export interface Arrival extends SourcePlace {
  readonly offer: ReceivedOffer;
  /** Aborted when the client went away. */
  readonly signal: AbortSignal;
}

interface Waiting extends SourcePlace {
  /** Goes on after so long at the latest. */
  readonly within: (ms: number) => void;
  readonly go: () => void;
  readonly fail: (error: Error) => void;
}

/** Viewers on their way: they are demand, and wait for a publisher that a host can bring. */
export class Arrivals {
  readonly #registry: Registry;
  readonly #sources: Sources;
  readonly #waiting = new Set<Waiting>();
  #open = true;

  constructor(deps: { registry: Registry; sources: Sources }) {
    this.#registry = deps.registry;
    this.#sources = deps.sources;
  }

  /** Offers that wait. */
  get size(): number {
    return this.#waiting.size;
  }

  /**
   * Counts an offer as demand until the result is called. Where a host can bring the source it
   * resolves with the publisher's answer, or without one after 10 s; after 1 s where the host
   * publishes by WebSocket, which goes at once.
   * @throws GatewayError when the offer cannot be read, the host has no WebRTC, or the gateway stops
   */
  async enter(arrival: Arrival): Promise<() => void> {
    const awaited = this.#awaited(arrival);
    if (awaited !== undefined) {
      arrival.offer.read();
      if (awaited.insteadOfWebRtc !== null) throw noPublisher(awaited.insteadOfWebRtc);
    }
    const source = this.#sources.at(arrival);
    const leave = source.arrive();
    const settle = (): void => {
      leave();
      this.#sources.settle(source);
    };
    try {
      if (awaited !== undefined) await this.#publisher(arrival);
      return settle;
    } catch (error) {
      settle();
      throw error;
    }
  }

  /** A publisher was answered: its viewers can be. */
  opened({ kind, transport, room, source }: Session): void {
    if (kind !== 'publish') return;
    for (const each of this.#waiting) {
      if (each.room !== room || each.source !== source) continue;
      if (transport === 'webrtc') each.go();
      else each.within(LIMITS.publisherBesideMs);
    }
  }

  /** Refuses those who wait, and lets nobody wait any more. */
  close(): void {
    this.#open = false;
    for (const { fail } of this.#waiting) fail(stopping());
  }

  /** The host that is to bring the source: there is no publisher whose answer says which codecs there are. */
  #awaited(place: SourcePlace): Host | undefined {
    const publisher = this.#registry.room(place.room)?.publisherOf(place.source, 'webrtc');
    const host = publisher?.media == null ? this.#sources.find(place)?.host : undefined;
    return host?.mayPublish === true ? host : undefined;
  }

  async #publisher({ room, source, signal }: Arrival): Promise<void> {
    if (!this.#open) throw stopping();
    if (signal.aborted) return;
    const { promise, resolve, reject } = Promise.withResolvers<undefined>();
    const go = (): void => resolve(undefined);
    let timer: NodeJS.Timeout | undefined;
    const within = (ms: number): void => {
      clearTimeout(timer);
      timer = setTimeout(go, ms);
    };
    const waiting = { room, source, within, go, fail: reject };
    const isBeside = this.#registry.room(room)?.isLive(source, 'websocket') === true;
    within(isBeside ? LIMITS.publisherBesideMs : LIMITS.publisherWaitMs);
    signal.addEventListener('abort', go, { once: true });
    this.#waiting.add(waiting);
    try {
      await promise;
    } finally {
      clearTimeout(timer);
      this.#waiting.delete(waiting);
    }
  }
}
