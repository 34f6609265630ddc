import type { AudienceReport, HostCommand } from '../../protocol/host.ts';
import { REPORT_SECONDS } from '../../protocol/viewer-protocol.ts';
import { ControlDesk } from '../control/control-desk.ts';
import type { ControlObserver } from '../control/control-observer.ts';
import type { Policies } from '../control/policies.ts';
import type { ClipboardBacklog } from '../input/clipboard-backlog.ts';
import { InputDesk } from '../input/input-desk.ts';
import type { InputObserver } from '../input/input-observer.ts';
import type { FlushQueue } from '../flush-queue.ts';
import type { Session } from '../session.ts';
import { Throttle } from '../throttle.ts';
import type { Host } from './host.ts';
import { Relay } from './relay.ts';
import { ReportBook } from './report-book.ts';
import type { SourcePlace } from './source-place.ts';

/** Changes of demand are told at most this often, but for the first viewer. */
const DEMAND_INTERVAL_MS = 100;
const KEYFRAME_INTERVAL_MS = 1_000;
const AUDIENCE_INTERVAL_MS = REPORT_SECONDS * 1000;

/** What a source needs of those around it. */
export interface SourceParts {
  readonly place: SourcePlace;
  readonly queue: FlushQueue;
  readonly policies: Policies;
  readonly controlObserver: ControlObserver;
  readonly inputObserver: InputObserver;
  readonly backlog: ClipboardBacklog;
  /** More than any epoch of this source before. */
  readonly epoch: number;
  /** Nobody is here any more, or so it may be. */
  readonly settle: () => void;
}

/** One source beyond its media: the host that can bring it, and those who watch or are about to. */
export class Source {
  readonly place: SourcePlace;
  /** What its host tells those who watch. */
  readonly relay: Relay;
  /** Who controls its host. */
  readonly control: ControlDesk;
  /** What goes from whoever controls it to the host, and back. */
  readonly input: InputDesk;
  /** What their players tell the host. */
  readonly reports = new ReportBook();
  /** Last report of its players together; null while nobody watches. */
  audience: AudienceReport | null = null;
  #host: Host | null = null;
  readonly #watching = new Set<Session>();
  #arriving = 0;
  #toldDemand = 0;
  #audienceTimer: NodeJS.Timeout | undefined;
  readonly #demandNews = new Throttle(
    () => DEMAND_INTERVAL_MS,
    () => this.#tellDemand(),
  );
  readonly #keyframe = new Throttle(
    () => KEYFRAME_INTERVAL_MS,
    () => this.#send({ type: 'media/keyframe' }),
  );

  constructor(parts: SourceParts) {
    const { place, queue, policies, epoch, settle } = parts;
    this.place = place;
    this.relay = new Relay(queue, () => this.control.message());
    this.control = new ControlDesk({
      place,
      policies,
      observer: parts.controlObserver,
      epoch,
      now: () => performance.now(),
      announce: (urgent) => this.relay.controlChanged(urgent),
      released: (devices) => this.input.released(devices),
      emptied: settle,
    });
    const { inputObserver: observer, backlog } = parts;
    this.input = new InputDesk({ place, control: this.control, observer, backlog });
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
    const { relay, control } = this;
    return this.#host === null && this.demand === 0 && relay.isEmpty && control.isEmpty;
  }

  /** Another host serves it from now on, or none. */
  setHost(host: Host | null): void {
    this.#host = host;
    this.#demandNews.clear();
    this.#keyframe.clear();
    clearInterval(this.#audienceTimer);
    this.audience = null;
    this.relay.setHost(host);
    host?.send({ type: 'host/welcome', ...this.place });
    this.control.setHost(host);
    this.input.setHost(host);
    if (host === null) return;
    this.#audienceTimer = setInterval(() => this.#tellAudience(), AUDIENCE_INTERVAL_MS).unref();
    this.#tellDemand(true);
  }

  watched(session: Session): void {
    this.#watching.add(session);
    this.#demandChanged();
  }

  left(session: Session): void {
    this.reports.forget(session);
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

  #tellAudience(): void {
    const report = this.viewers === 0 ? null : this.reports.sum(this.viewers, performance.now());
    this.audience = report;
    if (report !== null) this.#send({ type: 'audience/report', report });
  }

  #send(command: HostCommand): void {
    this.#host?.send(command);
  }
}
