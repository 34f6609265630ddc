import type { AudienceReport, HostCommand } from '../../protocol/host.ts';
import { REPORT_SECONDS } from '../../protocol/viewer-protocol.ts';
import { ControlDesk } from '../control/control-desk.ts';
import type { ControlObserver } from '../control/control-observer.ts';
import type { Policies } from '../control/policies.ts';
import type { ClipboardBacklog } from '../input/clipboard-backlog.ts';
import { InputDesk } from '../input/input-desk.ts';
import type { InputObserver } from '../input/input-observer.ts';
import type { InputTap } from '../input/input-tap.ts';
import type { FlushQueue } from '../flush-queue.ts';
import type { Session } from '../session.ts';
import { Throttle } from '../throttle.ts';
import { Demand, type DemandCount } from './demand.ts';
import type { Host } from './host.ts';
import { Relay } from './relay.ts';
import { ReportBook } from './report-book.ts';
import type { SourcePlace } from './source-place.ts';

/** Changes of demand are told at most this often, but for the first viewer in a mode. */
const DEMAND_INTERVAL_MS = 100;
const KEYFRAME_INTERVAL_MS = 1_000;
const AUDIENCE_INTERVAL_MS = REPORT_SECONDS * 1000;

const NOBODY: DemandCount = { viewers: 0, websocket: 0 };

/** What a source needs of those around it. */
export interface SourceParts {
  readonly place: SourcePlace;
  readonly queue: FlushQueue;
  readonly policies: Policies;
  readonly controlObserver: ControlObserver;
  readonly inputObserver: InputObserver;
  readonly inputTap: InputTap;
  readonly backlog: ClipboardBacklog;
  /** More than any epoch of this source before. */
  readonly epoch: number;
  /** Nobody is here any more, or so it may be. */
  readonly settle: () => void;
  /** What another gateway must know of its control is otherwise. */
  readonly onControl: () => void;
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
  readonly #demand = new Demand();
  #toldDemand: DemandCount = NOBODY;
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
      changed: parts.onControl,
    });
    const { inputObserver: observer, inputTap: tap, backlog } = parts;
    this.input = new InputDesk({ place, control: this.control, observer, tap, backlog });
  }

  get host(): Host | null {
    return this.#host;
  }

  get isEmpty(): boolean {
    const { relay, control } = this;
    return this.#host === null && this.#demand.isEmpty && relay.isEmpty && control.isEmpty;
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
    this.#demand.add(session);
    this.#demandChanged();
  }

  left(session: Session): void {
    this.reports.forget(session);
    if (this.#demand.delete(session)) this.#demandChanged();
  }

  /** Whether a viewer by `/ws/media` wants a picture or sound, as it does from its beginning. */
  wants(session: Session, wanted: boolean): void {
    this.#demand.want(session, wanted);
    this.#demandChanged();
  }

  /** Counts a viewer whose offer is under way; call the result when it is over. */
  arrive(): () => void {
    const leave = this.#demand.arrive();
    this.#demandChanged();
    let here = true;
    return () => {
      if (!here) return;
      here = false;
      leave();
      this.#demandChanged();
    };
  }

  /** Somebody needs a key frame; at once, and at most one per second. */
  wantKeyframe(): void {
    if (this.#host?.status.state === 'live') this.#keyframe.wish();
  }

  #demandChanged(): void {
    if (this.#host === null) return;
    const [told, now] = [this.#toldDemand, this.#demand.count];
    const isFirst =
      (told.viewers === 0 && now.viewers > 0) || (told.websocket === 0 && now.websocket > 0);
    if (isFirst) this.#demandNews.now();
    else this.#demandNews.wish();
  }

  #tellDemand(anew = false): void {
    const [told, now] = [this.#toldDemand, this.#demand.count];
    if (!anew && now.viewers === told.viewers && now.websocket === told.websocket) return;
    this.#toldDemand = now;
    this.#send({ type: 'media/demand', ...now });
  }

  #tellAudience(): void {
    const { watching } = this.#demand;
    const report = watching === 0 ? null : this.reports.sum(watching, performance.now());
    this.audience = report;
    if (report !== null) this.#send({ type: 'audience/report', report });
  }

  #send(command: HostCommand): void {
    this.#host?.send(command);
  }
}
