import type { CursorPosition, CursorShape } from '../../protocol/cursor.ts';
import type { ControlState } from '../../protocol/control.ts';
import type { ViewerEvent } from '../../protocol/viewer.ts';
import type { FlushQueue } from '../flush-queue.ts';
import { Throttle } from '../throttle.ts';
import { FreshMessage } from './fresh-message.ts';
import type { Host } from './host.ts';

const STATUS_INTERVAL_MS = 250;
/** 30 a second, with some room for a clock that differs; in large audiences the less often. */
const POSITION_INTERVAL_MS = 32;
const POSITION_INTERVAL_PER_VIEWER_MS = 0.1;
/** 1,000 viewers hear of a new holder within 50 ms, and of the queue 4 times a second. */
const CONTROL_INTERVAL_MS = 30;
const LEASES_INTERVAL_PER_VIEWER_MS = 0.05;
const QUEUE_INTERVAL_PER_VIEWER_MS = 0.25;

/** What a viewer hears of a host; of each only the newest counts. */
export type Topic = 'status' | 'shape' | 'position' | 'control';

/** A viewer who hears of it. */
export interface Listener {
  /** There is something newer. */
  note(topic: Topic): void;
  flush(): void;
}

/** Passes on what a source's host says to those who watch; nothing waits for a slow one. */
export class Relay {
  readonly #queue: FlushQueue;
  readonly #listeners = new Set<Listener>();
  readonly #newest: Record<Exclude<Topic, 'control'>, ViewerEvent | null> = {
    status: NO_HOST,
    shape: null,
    position: null,
  };
  readonly #control: FreshMessage<ControlState>;
  readonly #statusNews = new Throttle(
    () => STATUS_INTERVAL_MS,
    () => this.#tell('status'),
  );
  readonly #positionNews = new Throttle(
    () => Math.max(POSITION_INTERVAL_MS, this.#listeners.size * POSITION_INTERVAL_PER_VIEWER_MS),
    () => this.#tell('position'),
  );
  readonly #leaseNews = this.#controlNews(LEASES_INTERVAL_PER_VIEWER_MS);
  readonly #queueNews = this.#controlNews(QUEUE_INTERVAL_PER_VIEWER_MS);

  /** `control`: who controls the host, as it is now. */
  constructor(queue: FlushQueue, control: () => ControlState) {
    this.#queue = queue;
    this.#control = new FreshMessage(control);
  }

  get isEmpty(): boolean {
    return this.#listeners.size === 0;
  }

  newest(topic: Topic): ViewerEvent | null {
    return topic === 'control' ? this.#control.newest() : this.#newest[topic];
  }

  /** Whoever comes hears at once what is so now. */
  add(listener: Listener): void {
    this.#listeners.add(listener);
    for (const topic of TOPICS) if (this.newest(topic) !== null) listener.note(topic);
    listener.flush();
  }

  delete(listener: Listener): void {
    this.#listeners.delete(listener);
  }

  /** The host and what it does; null: there is none, nor its cursor. */
  setHost(host: Host | null): void {
    if (host === null) {
      this.#newest.shape = null;
      this.#newest.position = null;
      this.#positionNews.clear();
    }
    this.#newest.status = host === null ? NO_HOST : statusOf(host);
    this.#statusNews.wish();
  }

  setShape(shape: CursorShape): void {
    this.#newest.shape = shape;
    this.#tell('shape');
  }

  setPosition(position: CursorPosition): void {
    this.#newest.position = position;
    this.#positionNews.wish();
  }

  /** Somebody got or lost control (`urgent`), waits for it, or raised a hand. */
  controlChanged(urgent: boolean): void {
    this.#control.drop();
    (urgent ? this.#leaseNews : this.#queueNews).wish();
  }

  #controlNews(perViewerMs: number): Throttle {
    return new Throttle(
      () => Math.max(CONTROL_INTERVAL_MS, this.#listeners.size * perViewerMs),
      () => this.#tell('control'),
    );
  }

  #tell(topic: Topic): void {
    for (const listener of this.#listeners) {
      listener.note(topic);
      this.#queue.add(listener);
    }
  }
}

/** In the order in which they are told. */
export const TOPICS: readonly Topic[] = ['status', 'shape', 'position', 'control'];

const NO_HOST: ViewerEvent = { type: 'host/status', status: null, kind: '' };

const statusOf = ({ status, capabilities }: Host): ViewerEvent => {
  const { kind, clipboard, largestScreen, commands } = capabilities;
  return { type: 'host/status', status, kind, offers: { clipboard, largestScreen, commands } };
};
