import type { BrowserPort } from './browser-port.ts';
import type { IceServers } from './ice-servers.ts';
import { Observable } from './observable.ts';
import { isPathSilent } from './path-check.ts';
import { PeerSession } from './peer-session.ts';
import { localProblem } from './problem.ts';
import type { SessionProblem } from './problem.ts';
import { reconnectDelayMs } from './reconnect-policy.ts';
import type { SessionLinks, Signalling } from './signalling.ts';

/** Where a kept session stands. `retryAtMs` is null while an attempt is under way. */
export type KeeperState =
  | { readonly kind: 'idle' }
  | { readonly kind: 'connecting' }
  | { readonly kind: 'live'; readonly sinceMs: number }
  | {
      readonly kind: 'reconnecting';
      readonly problem: SessionProblem;
      readonly attempt: number;
      readonly retryAtMs: number | null;
    }
  | { readonly kind: 'failed'; readonly problem: SessionProblem }
  | { readonly kind: 'stopped' };

/** What a keeper is made of. */
export interface KeeperParts {
  readonly port: BrowserPort;
  readonly signalling: Signalling;
  readonly iceServers: IceServers;
  readonly iceTransportPolicy?: RTCIceTransportPolicy | undefined;
  /** Adds the media of a fresh connection before its offer is made. */
  readonly prepare: (pc: RTCPeerConnection) => void;
  /** The server has taken the offer. */
  readonly answered?: (sessionUrl: string | null) => void;
}

/** A session must last this long before the back-off starts from the beginning. */
const SETTLED_MS = 3_000;

/** Keeps one session up from `start` to `stop`: opens it again by the reconnect policy. */
export class SessionKeeper {
  readonly state = new Observable<KeeperState>({ kind: 'idle' });
  readonly #parts: KeeperParts;
  #session: PeerSession | null = null;
  #retryTimer: ReturnType<typeof setTimeout> | undefined;
  #attempt = 0;
  #wasLive = false;
  #offWindow: readonly (() => void)[] = [];

  constructor(parts: KeeperParts) {
    this.#parts = parts;
  }

  /** The connection in use, also while it is being opened. */
  get pc(): RTCPeerConnection | null {
    return this.#session?.pc ?? null;
  }

  /** What the server offers beside the session in use. */
  get links(): SessionLinks | null {
    return this.#session?.links ?? null;
  }

  /** The URL of the session in use; null before its answer. */
  get sessionUrl(): string | null {
    return this.#session?.url ?? null;
  }

  /** Begins, also again after `failed` or `stopped`; ignored while running. */
  start(): void {
    if (this.#isRunning()) return;
    const { port } = this.#parts;
    this.#attempt = 0;
    this.#wasLive = false;
    this.#offWindow = [
      port.onWindowEvent('pagehide', () => this.#end({ keepalive: true })),
      port.onWindowEvent('online', () => {
        this.#session?.networkChanged();
        this.retryNow();
        void this.#leaveSilentPath();
      }),
      port.onConnectionChange(() => this.#handleConnectionChange()),
    ];
    this.state.set({ kind: 'connecting' });
    this.#open();
  }

  /** Ends the session and tells the server. Idempotent. */
  stop(): void {
    this.#end({ keepalive: false });
  }

  /** Cuts a back-off short; ignored when nothing waits. */
  retryNow(): void {
    const state = this.state.value;
    if (state.kind !== 'reconnecting' || state.retryAtMs === null) return;
    this.#retry(state.problem);
  }

  /** Asks the server now whether the session still exists. */
  probeNow(): void {
    this.#session?.probeNow();
  }

  /** Whether the server tells by itself when the session in use ends. */
  relaxProbes(relaxed: boolean): void {
    this.#session?.relaxProbes(relaxed);
  }

  /** Whether the server tells when to open another session: that this one is gone is no reason then. */
  awaitNews(awaits: boolean): void {
    this.#session?.awaitNews(awaits);
  }

  /** Gives the running session up for a new one, for a reason that only the owner can see. */
  rejoin(problem: SessionProblem): void {
    if (this.#session === null) return;
    this.#session.close();
    this.#handleLost(problem);
  }

  /** Opens another session at once for one that the server has ended: whoever says so spreads a crowd. */
  replace(): void {
    if (this.#session === null) return;
    this.#session.abandon();
    this.#handleLost(localProblem('session-gone'));
    this.retryNow();
  }

  #open(): void {
    const session = new PeerSession({
      ...this.#parts,
      events: {
        answered: () => this.#handleAnswered(),
        connected: () => this.#handleConnected(),
        lost: (problem) => this.#handleLost(problem),
      },
    });
    this.#session = session;
    void session.open(this.#parts.prepare);
  }

  /** Browsers tell of a new estimate too, which is no reason to cut a back-off short. */
  #handleConnectionChange(): void {
    const session = this.#session;
    session?.networkChanged();
    if (this.#session !== session) this.retryNow();
  }

  /** ICE does not miss a path for long whose address is gone. */
  async #leaveSilentPath(): Promise<void> {
    const session = this.#session;
    if (session === null || this.state.value.kind !== 'live') return;
    const isSilent = await isPathSilent(session.pc).catch(() => false);
    if (!isSilent || this.#session !== session) return;
    this.rejoin(localProblem('connection-lost', 'The network changed.'));
    this.retryNow();
  }

  /** Somebody is there now; whether media comes is another matter. */
  #handleAnswered(): void {
    this.#parts.answered?.(this.sessionUrl);
    const state = this.state.value;
    const wasEmpty = state.kind === 'reconnecting' && state.problem.code === 'no-publisher';
    if (wasEmpty) this.state.set({ kind: 'connecting' });
  }

  #handleConnected(): void {
    this.#wasLive = true;
    this.state.set({ kind: 'live', sinceMs: Date.now() });
  }

  #handleLost(problem: SessionProblem): void {
    this.#session = null;
    const before = this.state.value;
    if (before.kind === 'live' && Date.now() - before.sinceMs >= SETTLED_MS) this.#attempt = 0;
    // An empty room is an orderly answer, no failure to back off from.
    if (problem.code === 'no-publisher') this.#attempt = 0;
    const delayMs = reconnectDelayMs({
      side: this.#parts.signalling.side,
      problem,
      attempt: this.#attempt,
      wasLive: this.#wasLive,
      random: this.#parts.port.random(),
    });
    if (delayMs === null) {
      this.#fail(problem);
      return;
    }
    const attempt = this.#attempt++;
    this.state.set({ kind: 'reconnecting', problem, attempt, retryAtMs: Date.now() + delayMs });
    this.#retryTimer = setTimeout(() => this.#retry(problem), delayMs);
  }

  #retry(problem: SessionProblem): void {
    clearTimeout(this.#retryTimer);
    this.state.set({ kind: 'reconnecting', problem, attempt: this.#attempt, retryAtMs: null });
    this.#open();
  }

  #fail(problem: SessionProblem): void {
    this.#release();
    this.state.set({ kind: 'failed', problem });
  }

  #end({ keepalive }: { keepalive: boolean }): void {
    if (!this.#isRunning()) return;
    this.#session?.close({ keepalive });
    this.#release();
    this.state.set({ kind: 'stopped' });
  }

  #release(): void {
    clearTimeout(this.#retryTimer);
    this.#session = null;
    for (const off of this.#offWindow) off();
    this.#offWindow = [];
  }

  #isRunning(): boolean {
    const { kind } = this.state.value;
    return kind === 'connecting' || kind === 'live' || kind === 'reconnecting';
  }
}
