import type { MediaMode } from '../media/plan.ts';
import type { ModeRun } from './mode-run.ts';

/** How many watch or wait to watch, by WebRTC and by WebSocket. */
export interface Demand {
  readonly viewers: number;
  readonly websocket: number;
}

/** Null: this host does not publish so. */
export type ModesParts = Readonly<Record<MediaMode, ModeRun | null>>;

/** The modes of one host: each lives by its own demand. */
export class Modes {
  readonly #parts: ModesParts;
  readonly #runs: readonly ModeRun[];
  #always = false;

  constructor(parts: ModesParts) {
    this.#parts = parts;
    this.#runs = [parts.webrtc, parts.websocket, parts.direct].filter((run) => run !== null);
  }

  /** Nothing is published, started or tried again. */
  get areIdle(): boolean {
    return this.#runs.every(({ demand }) => demand.state === 'idle');
  }

  /** True once nothing but `stop` ends them. */
  get areAlways(): boolean {
    return this.#always;
  }

  /** Whether it is not known yet what comes of a mode. */
  isStarting(mode: MediaMode): boolean {
    return this.#parts[mode]?.demand.state === 'starting';
  }

  /** What a mode publishes has begun to go out. */
  live(mode: MediaMode): void {
    this.#parts[mode]?.demand.live();
  }

  /** Resolves when what ends now has ended. */
  async settled(): Promise<void> {
    await Promise.all(this.#runs.map((run) => run.settled));
  }

  /** What the gateway counts. */
  want({ viewers, websocket }: Demand): void {
    this.#parts.webrtc?.demand.demand(viewers);
    this.#parts.websocket?.demand.demand(websocket);
  }

  /** How many clients came straight here. */
  wantDirect(clients: number): void {
    this.#parts.direct?.demand.demand(clients);
  }

  /** The gateway tells nothing any more; clients that came straight here are seen here. */
  lose(): void {
    this.#parts.webrtc?.demand.lose();
    this.#parts.websocket?.demand.lose();
  }

  /** From now on whether somebody watches or not. */
  publishAlways(): void {
    this.#always = true;
    for (const { demand } of this.#runs) demand.publishAlways();
  }

  /** Resolves when nothing is left of them. */
  async stop(): Promise<void> {
    await Promise.all(this.#runs.map((run) => run.stop()));
  }
}
