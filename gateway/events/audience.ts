import type { EventName, ViewerCount } from '../protocol/events.ts';
import { Throttle } from '../rooms/throttle.ts';

/** The count is told at most this often, and in large audiences the less often. */
const COUNT_INTERVAL_MS = 1_000;
const COUNT_INTERVAL_PER_VIEWER_MS = 2;

/** A viewer who may be told of events. */
export interface Listener {
  tell(name: EventName, data: object): void;
}

/** Those who watch one source: all are told of its publisher and of how many they are. */
export class Audience {
  readonly #viewers = new Set<Listener>();
  readonly #countNews = new Throttle(
    () => Math.max(COUNT_INTERVAL_MS, this.#viewers.size * COUNT_INTERVAL_PER_VIEWER_MS),
    () => this.tell('viewercount', this.count),
  );

  get isEmpty(): boolean {
    return this.#viewers.size === 0;
  }

  get count(): ViewerCount {
    return { viewercount: this.#viewers.size };
  }

  add(viewer: Listener): void {
    this.#viewers.add(viewer);
    this.#countNews.wish();
  }

  delete(viewer: Listener): void {
    this.#viewers.delete(viewer);
    this.#countNews.wish();
  }

  tell(name: EventName, data: object): void {
    for (const viewer of this.#viewers) viewer.tell(name, data);
  }
}
