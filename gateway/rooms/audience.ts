import type { Transport } from '../protocol/transport.ts';
import { Throttle } from './throttle.ts';

/** The count is told at most this often, and in large audiences the less often. */
const COUNT_INTERVAL_MS = 1_000;
const COUNT_INTERVAL_PER_VIEWER_MS = 2;

/** A viewer who may be told. */
export interface Listener {
  /** A publisher of the source came or went in this mode. */
  published(transport: Transport, isLive: boolean): void;
  /** How many watch the source, in all modes. */
  counted(viewers: number): void;
}

/** Those who watch one source: all are told of its publishers and of how many they are. */
export class Audience {
  readonly #listeners = new Set<Listener>();
  readonly #count: () => number;
  readonly #countNews = new Throttle(
    () => Math.max(COUNT_INTERVAL_MS, this.count * COUNT_INTERVAL_PER_VIEWER_MS),
    () => this.#tellCount(),
  );

  constructor(count: () => number) {
    this.#count = count;
  }

  get isEmpty(): boolean {
    return this.#listeners.size === 0;
  }

  get count(): number {
    return this.#count();
  }

  add(listener: Listener): void {
    this.#listeners.add(listener);
    this.#countNews.wish();
  }

  delete(listener: Listener): void {
    this.#listeners.delete(listener);
    this.#countNews.wish();
  }

  /** Somebody came or went. */
  changed(): void {
    this.#countNews.wish();
  }

  published(transport: Transport, isLive: boolean): void {
    for (const listener of this.#listeners) listener.published(transport, isLive);
  }

  #tellCount(): void {
    const { count } = this;
    for (const listener of this.#listeners) listener.counted(count);
  }
}
