import { Observable } from './observable.ts';

interface Ping {
  readonly type: 'viewer/ping';
  readonly at: number;
  readonly rttMs: number | null;
}

/** Between the pings of a viewer that watches, and of one that controls. */
const WATCHING_MS = 5_000;
const CONTROLLING_MS = 1_000;
/** The first one waits until joining is over. */
const FIRST_MS = 500;

/** Measures the way to the gateway and back while it runs, and tells the gateway what it took. */
export class RoundTrip {
  /** Of the last answer, ms; null while nothing was measured on this connection. */
  readonly rttMs = new Observable<number | null>(null);
  readonly #send: (ping: Ping) => void;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #running = false;
  #everyMs = WATCHING_MS;
  #askedAt: number | null = null;

  constructor(send: (ping: Ping) => void) {
    this.#send = send;
  }

  /** Every second while the page controls, else every five. */
  set isControlling(isControlling: boolean) {
    const everyMs = isControlling ? CONTROLLING_MS : WATCHING_MS;
    if (everyMs === this.#everyMs) return;
    this.#everyMs = everyMs;
    if (this.#running) this.#ping();
  }

  start(): void {
    this.stop();
    this.#running = true;
    this.#timer = setTimeout(() => this.#ping(), FIRST_MS);
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#running = false;
    this.rttMs.set(null);
  }

  /** The answer to a ping that was sent `at`; those of others, behind large messages, do not count. */
  handlePong(at: number): void {
    if (!this.#running || at !== this.#askedAt) return;
    this.#askedAt = null;
    this.rttMs.set(Math.min(60_000, performance.now() - at));
  }

  #ping(): void {
    clearTimeout(this.#timer);
    this.#askedAt = performance.now();
    this.#send({ type: 'viewer/ping', at: this.#askedAt, rttMs: this.rttMs.value });
    this.#timer = setTimeout(() => this.#ping(), this.#everyMs);
  }
}
