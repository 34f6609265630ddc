import type { EventName, ViewerCount } from '../protocol/events.ts';

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
  #countTimer: NodeJS.Timeout | undefined;
  #countDue = false;

  get isEmpty(): boolean {
    return this.#viewers.size === 0;
  }

  get count(): ViewerCount {
    return { viewercount: this.#viewers.size };
  }

  add(viewer: Listener): void {
    this.#viewers.add(viewer);
    this.#countChanged();
  }

  delete(viewer: Listener): void {
    this.#viewers.delete(viewer);
    this.#countChanged();
  }

  tell(name: EventName, data: object): void {
    for (const viewer of this.#viewers) viewer.tell(name, data);
  }

  /** At once after a quiet interval, else with the end of the running one. */
  #countChanged(): void {
    this.#countDue = true;
    if (this.#countTimer === undefined) this.#tellCount();
  }

  #tellCount(): void {
    this.#countTimer = undefined;
    if (!this.#countDue || this.isEmpty) return;
    this.#countDue = false;
    this.tell('viewercount', this.count);
    const intervalMs = Math.max(
      COUNT_INTERVAL_MS,
      this.#viewers.size * COUNT_INTERVAL_PER_VIEWER_MS,
    );
    this.#countTimer = setTimeout(() => this.#tellCount(), intervalMs).unref();
  }
}
