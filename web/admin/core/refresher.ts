import { Observable } from '../../core/observable.ts';
import type { SessionProblem } from '../../core/problem.ts';
import type { News, Topic } from './news.ts';
import type { Reading } from './reading.ts';

/** After news, never more often than this, and never more than a quarter of the time. */
const LEAST_PAUSE_MS = 1_000;
/** While the gateway tells what happens, figures that nobody tells are read this often. */
const TOLD_MS = 10_000;
/** While it does not. */
const UNTOLD_MS = 3_000;

export interface RefresherOptions<T> {
  readonly read: () => Promise<T>;
  readonly explain: (cause: unknown) => SessionProblem;
  readonly news: Pick<News, 'isOpen' | 'subscribe'>;
  /** After which events it is read again; empty: only from time to time. */
  readonly topics: readonly Topic[];
  /** For what changes without events; TOLD_MS when absent. */
  readonly everyMs?: number;
  readonly page: {
    readonly isPageVisible: () => boolean;
    readonly onVisibilityChange: (listener: () => void) => () => void;
  };
  readonly now?: () => number;
}

/**
 * Keeps something that the gateway knows up to date: after news of it, and from time to time. The
 * last good answer stays while there is no newer one; a page that cannot be seen asks nothing.
 */
export class Refresher<T> {
  readonly reading = new Observable<Reading<T>>({ kind: 'loading' });
  readonly #options: RefresherOptions<T>;
  readonly #now: () => number;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #dueAtMs = Infinity;
  #running: Promise<void> | null = null;
  #isWanted = false;
  #earliestMs = 0;
  #open = false;

  constructor(options: RefresherOptions<T>) {
    this.#options = options;
    this.#now = options.now ?? Date.now;
  }

  /** Reads it, and reads it again, until the returned function is called. */
  start(): () => void {
    const { news, page, topics } = this.#options;
    this.#open = true;
    const offs = [
      news.subscribe((topic) => {
        if (topic === '*' || topics.some((each) => each === topic)) this.#want();
      }),
      news.isOpen.subscribe(() => this.#plan(this.#pauseMs())),
      page.onVisibilityChange(() => {
        if (page.isPageVisible()) this.#want();
      }),
    ];
    void this.refresh();
    return () => {
      this.#open = false;
      clearTimeout(this.#timer);
      for (const off of offs) off();
    };
  }

  /** Reads it now; resolves when an answer that was asked for after this call is there. */
  async refresh(): Promise<void> {
    if (this.#running !== null) {
      this.#isWanted = true;
      await this.#running;
    }
    if (!this.#open) return;
    this.#running ??= this.#run();
    await this.#running;
  }

  async #run(): Promise<void> {
    const startedAt = this.#now();
    clearTimeout(this.#timer);
    this.#dueAtMs = Infinity;
    this.#isWanted = false;
    this.#tell(await this.#read(startedAt));
    this.#running = null;
    const endedAt = this.#now();
    this.#earliestMs = endedAt + Math.max(LEAST_PAUSE_MS, 3 * (endedAt - startedAt));
    this.#plan(this.#pauseMs());
  }

  async #read(startedAt: number): Promise<Reading<T>> {
    try {
      const value = await this.#options.read();
      return { kind: 'read', value, readAtMs: startedAt, problem: null };
    } catch (cause) {
      return afterFailure(this.reading.value, this.#options.explain(cause));
    }
  }

  #tell(reading: Reading<T>): void {
    if (this.#open) this.reading.set(reading);
  }

  #want(): void {
    if (this.#running === null) this.#plan(0);
    else this.#isWanted = true;
  }

  #pauseMs(): number {
    if (this.#isWanted) return 0;
    const { news, everyMs = TOLD_MS } = this.#options;
    return news.isOpen.value ? everyMs : Math.min(everyMs, UNTOLD_MS);
  }

  /** The sooner of two plans holds. */
  #plan(pauseMs: number): void {
    const atMs = Math.max(this.#now() + pauseMs, this.#earliestMs);
    if (!this.#open || this.#running !== null || atMs >= this.#dueAtMs) return;
    clearTimeout(this.#timer);
    this.#dueAtMs = atMs;
    this.#timer = setTimeout(() => this.#handleDue(), atMs - this.#now());
  }

  #handleDue(): void {
    this.#dueAtMs = Infinity;
    if (this.#options.page.isPageVisible()) void this.refresh();
    else this.#plan(this.#pauseMs());
  }
}

function afterFailure<T>(before: Reading<T>, problem: SessionProblem): Reading<T> {
  return before.kind === 'read' ? { ...before, problem } : { kind: 'failed', problem };
}
