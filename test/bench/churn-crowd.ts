import { waitFor } from '../support/wait-for.ts';
import { openPublisher, type BenchPublisher } from './bench-publisher.ts';
import { chromiumOffer } from './chromium-offer.ts';
import { IdleViewer } from './idle-viewer.ts';
import type { MediaServer } from './media-server.ts';
import { SignallingClient } from './signalling-client.ts';

export interface ChurnCount {
  readonly joined: number;
  /** Message -> times. */
  readonly failures: ReadonlyMap<string, number>;
  /** Why viewers had to try a second time. */
  readonly retries: ReadonlyMap<string, number>;
  /** Offers that got an answer and no connection. */
  readonly abandoned: number;
  readonly publishers: number;
  /** Viewers that left without a DELETE. */
  readonly silent: number;
  readonly connectMs: readonly number[];
}

export interface ChurnOptions {
  readonly parallel: number;
  /** Joins between one publisher and the next. */
  readonly joinsPerPublisher: number;
  readonly endAt: number;
  /** How long a name may stay busy after its publisher went without a DELETE. */
  readonly nameFreeMs: number;
}

/** One stream whose viewers join, stay for a moment and leave, each in another way. */
export class ChurnCrowd {
  readonly #query = `app=churn&stream=c${Date.now().toString(36)}`;
  readonly #signalling = new SignallingClient({ keepAlive: false });
  readonly #server: MediaServer;
  readonly #options: ChurnOptions;
  readonly #failures = new Map<string, number>();
  readonly #retries = new Map<string, number>();
  readonly #connectMs: number[] = [];
  #turn = 0;
  #abandoned = 0;
  #silent = 0;
  #publishers = 0;
  #replacing: Promise<void> = Promise.resolve();
  #publisher: BenchPublisher | null = null;

  constructor(server: MediaServer, options: ChurnOptions) {
    this.#server = server;
    this.#options = options;
  }

  get count(): ChurnCount {
    return {
      joined: this.#connectMs.length,
      failures: this.#failures,
      retries: this.#retries,
      abandoned: this.#abandoned,
      publishers: this.#publishers,
      silent: this.#silent,
      connectMs: this.#connectMs,
    };
  }

  /** So many joins, spread over the crowd's parallel visitors, and some new publishers. */
  async run(joins: number): Promise<void> {
    const lastTurn = this.#turn + joins;
    const visitOn = async (): Promise<void> => {
      while (this.#turn < lastTurn && performance.now() < this.#options.endAt) {
        const turn = this.#turn;
        this.#turn += 1;
        if (turn % this.#options.joinsPerPublisher === 0) await this.#publishNext();
        await this.#try('watch', () => this.#visit(turn));
      }
    };
    await Promise.all(Array.from({ length: this.#options.parallel }, visitOn));
  }

  async close(): Promise<void> {
    await this.#endPublisher(true);
    this.#signalling.close();
  }

  async #visit(turn: number): Promise<void> {
    const url = `${this.#server.apiUrl}/rtc/v1/whep/?${this.#query}`;
    if (turn % 40 === 7) {
      const posted = await this.#signalling.post(url, chromiumOffer('watch'));
      if (posted.status !== 201) throw new Error(`POST: ${posted.status} ${posted.text}`);
      this.#abandoned += 1;
      return;
    }
    const startedAt = performance.now();
    const viewer = await IdleViewer.open(this.#signalling, url);
    this.#connectMs.push(performance.now() - startedAt);
    if (viewer.retriedFor !== null) add(this.#retries, viewer.retriedFor);
    if (turn % 40 === 3) {
      this.#silent += 1;
      viewer.close();
      return;
    }
    const deleted = await this.#signalling.delete(viewer.location);
    viewer.close();
    if (deleted.status !== 200) throw new Error(`DELETE: ${deleted.status} ${deleted.text}`);
  }

  /** One after the other: a stream has one publisher. */
  #publishNext(): Promise<void> {
    this.#replacing = this.#replacing.then(() =>
      this.#try('publish', () => this.#replacePublisher()),
    );
    return this.#replacing;
  }

  async #replacePublisher(): Promise<void> {
    this.#publishers += 1;
    await this.#endPublisher(this.#publishers % 2 === 0);
    const url = `${this.#server.apiUrl}/rtc/v1/whip/?${this.#query}`;
    // The library's close does not always reach the server, which then keeps the name for a while.
    this.#publisher = await waitFor(
      () => openPublisher(this.#signalling, url, { bitsPerSecond: 500_000 }),
      { what: 'the name to be free', everyMs: 100, timeoutMs: this.#options.nameFreeMs },
    );
  }

  async #endPublisher(withDelete: boolean): Promise<void> {
    const ending = this.#publisher;
    this.#publisher = null;
    if (ending === null) return;
    if (withDelete) await this.#signalling.delete(ending.location);
    ending.peer.close();
  }

  async #try(what: string, act: () => Promise<void>): Promise<void> {
    try {
      await act();
    } catch (error) {
      const message = `${what}: ${error instanceof Error ? error.message : String(error)}`;
      add(this.#failures, message);
    }
  }
}

function add(counts: Map<string, number>, name: string): void {
  counts.set(name, (counts.get(name) ?? 0) + 1);
}
