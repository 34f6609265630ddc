import type { AudienceReport, HostCommand } from '../../protocol/host.ts';
import type { RoomId, SourceId } from '../../protocol/ids.ts';
import type { Session } from '../session.ts';
import { Throttle } from '../throttle.ts';
import type { Host } from './host.ts';

/** Changes of demand are told at most this often, but for the first viewer. */
const DEMAND_INTERVAL_MS = 100;
const KEYFRAME_INTERVAL_MS = 1_000;

/** Where a source is: one room's, by its name there. */
export interface SourcePlace {
  readonly room: RoomId;
  readonly source: SourceId;
}

/** One source beyond its media: the host that can bring it, and those who watch or are about to. */
export class Source {
  readonly place: SourcePlace;
  /** Last report of its players together; null while nobody watches. */
  audience: AudienceReport | null = null;
  #host: Host | null = null;
  readonly #watching = new Set<Session>();
  #arriving = 0;
  #toldDemand = 0;
  readonly #demandNews = new Throttle(
    () => DEMAND_INTERVAL_MS,
    () => this.#tellDemand(),
  );
  readonly #keyframe = new Throttle(
    () => KEYFRAME_INTERVAL_MS,
    () => this.#send({ type: 'media/keyframe' }),
  );

  constructor(place: SourcePlace) {
    this.place = place;
  }

  get host(): Host | null {
    return this.#host;
  }

  /** Sessions that watch. */
  get viewers(): number {
    return this.#watching.size;
  }

  /** Those who watch, and those whose offer is under way. */
  get demand(): number {
    return this.#watching.size + this.#arriving;
  }

  get isEmpty(): boolean {
    return this.#host === null && this.demand === 0;
  }

  /** Another host serves it from now on, or none. */
  setHost(host: Host | null): void {
    this.#host = host;
    this.#demandNews.clear();
    this.#keyframe.clear();
    if (host === null) return;
    host.send({ type: 'host/welcome', ...this.place });
    this.#tellDemand(true);
  }

  watched(session: Session): void {
    this.#watching.add(session);
    this.#demandChanged();
  }

  left(session: Session): void {
    if (this.#watching.delete(session)) this.#demandChanged();
  }

  /** Counts a viewer whose offer is under way; call the result when it is over. */
  arrive(): () => void {
    this.#arriving += 1;
    this.#demandChanged();
    let here = true;
    return () => {
      if (!here) return;
      here = false;
      this.#arriving -= 1;
      this.#demandChanged();
    };
  }

  /** Somebody needs a key frame; at once, and at most one per second. */
  wantKeyframe(): void {
    if (this.#host?.status.state === 'live') this.#keyframe.wish();
  }

  #demandChanged(): void {
    if (this.#host === null) return;
    if (this.#toldDemand === 0 && this.demand > 0) this.#demandNews.now();
    else this.#demandNews.wish();
  }

  #tellDemand(anew = false): void {
    if (!anew && this.demand === this.#toldDemand) return;
    this.#toldDemand = this.demand;
    this.#send({ type: 'media/demand', viewers: this.demand });
  }

  #send(command: HostCommand): void {
    this.#host?.send(command);
  }
}
