import type { HostState } from '../../gateway/protocol/host.ts';
import { REPORT_SECONDS } from '../../gateway/protocol/viewer-protocol.ts';
import type { BrowserPort } from './browser-port.ts';
import type { Observable } from './observable.ts';
import { playerReport } from './player-report.ts';
import type { PlayerCounters } from './player-report.ts';
import type { HostNews, ViewerSocket } from './viewer-socket.ts';
import type { WhepState } from './whep-client.ts';

/** What a link needs of a {@link WhepClient}. */
export interface WatchedClient {
  readonly state: Observable<WhepState>;
  readonly session: Observable<string | null>;
  retryNow(): void;
  counters(): Promise<PlayerCounters | null>;
}

/** A join that takes longer waits for somebody, and what for is worth knowing. */
const QUICK_JOIN_MS = 700;
/** Viewers who wait for the same host do not come in one instant. */
const JOIN_SPREAD_MS = 500;

/**
 * Ties a viewer's socket to what it watches. The socket opens once the picture is here or must be
 * waited for, never before it; reports go out while the picture plays in a page that can be seen; a
 * host that can be started is joined at once.
 */
export class ViewerLink {
  readonly #port: BrowserPort;
  readonly #client: WatchedClient;
  readonly #socket: ViewerSocket;
  readonly #off: readonly (() => void)[];
  #openTimer: ReturnType<typeof setTimeout> | undefined;
  #joinTimer: ReturnType<typeof setTimeout> | undefined;
  readonly #reportTimer: ReturnType<typeof setInterval>;
  #counters: PlayerCounters | null = null;
  #hostState: HostState | null = null;

  constructor(port: BrowserPort, client: WatchedClient, socket: ViewerSocket) {
    this.#port = port;
    this.#client = client;
    this.#socket = socket;
    this.#off = [
      client.state.subscribe(() => this.#handleState(client.state.value)),
      client.session.subscribe(() => this.#handleSession(client.session.value)),
      socket.host.subscribe(() => this.#handleHost(socket.host.value)),
    ];
    this.#reportTimer = setInterval(() => void this.#report(), REPORT_SECONDS * 1000);
    this.#handleState(client.state.value);
  }

  /** Closes the socket. Idempotent. */
  close(): void {
    for (const off of this.#off) off();
    clearInterval(this.#reportTimer);
    this.#leave();
  }

  #handleState(state: WhepState): void {
    clearTimeout(this.#openTimer);
    switch (state.kind) {
      case 'live':
      case 'waiting':
      case 'reconnecting':
        this.#socket.open();
        return;
      case 'connecting':
        this.#openTimer = setTimeout(() => this.#socket.open(), QUICK_JOIN_MS);
        return;
      case 'idle':
      case 'failed':
      case 'stopped':
        this.#leave();
        return;
      default:
        return state satisfies never;
    }
  }

  #handleSession(session: string | null): void {
    this.#counters = null;
    this.#socket.watch(session);
  }

  #handleHost(news: HostNews | null): void {
    const before = this.#hostState;
    const now = news?.status?.state ?? null;
    this.#hostState = now;
    const isNew = !canJoin(before) || (now === 'live' && before !== 'live');
    if (!canJoin(now) || !isNew) return;
    clearTimeout(this.#joinTimer);
    this.#joinTimer = setTimeout(() => this.#join(), JOIN_SPREAD_MS * this.#port.random());
  }

  #join(): void {
    if (this.#client.state.value.kind === 'waiting') this.#client.retryNow();
  }

  /** A page behind others decodes slowly on purpose, which tells nothing of the path. */
  async #report(): Promise<void> {
    const isPlaying = this.#client.state.value.kind === 'live' && this.#port.isPageVisible();
    const before = this.#counters;
    this.#counters = null;
    if (!isPlaying) return;
    const session = this.#client.session.value;
    const counters = await this.#client.counters().catch(() => null);
    if (this.#client.session.value !== session) return;
    this.#counters = counters;
    const report = playerReport(before, counters);
    if (report !== null) this.#socket.report(report);
  }

  #leave(): void {
    clearTimeout(this.#openTimer);
    clearTimeout(this.#joinTimer);
    this.#socket.close();
  }
}

function canJoin(state: HostState | null): boolean {
  return state !== null && state !== 'failed';
}
