import type { SourceView } from '../../gateway/protocol/api/rooms.ts';
import type { SourceReading } from './room-api.ts';

/** Whether media arrives: not yet, yes, or the publisher left and the session waits for another. */
export type MediaFlow = 'none' | 'flowing' | 'publisher-gone';

/** What a monitor asks, and whom it tells. */
export interface MediaMonitorParts {
  /** A number that grows with every frame or audio packet; null when unreadable. */
  readonly readProgress: () => Promise<number | null>;
  readonly readSource: () => Promise<SourceReading>;
  /** Whether the negotiated tracks can carry what the source now has. */
  readonly fits: (source: SourceView) => boolean;
  readonly onFlow: (flow: MediaFlow) => void;
  /** Media that flowed well stopped at once: the server may be gone. */
  readonly onStall: () => void;
  /** The source is live and nothing arrives, or its tracks changed: only a new session helps. */
  readonly onStale: () => void;
}

const FIRST_POLL_MS = 100;
const POLL_MS = 500;
const FAST_POLLS_MS = 5_000;
const SILENCE_MS = 2_000;
const STALL_MS = 700;
/** Less than this in two polls is a still screen, whose silence means nothing. */
const STEADY_PROGRESS = 8;
const ASK_ROOM_MS = 1_500;
/** An event stream may be dead without anybody noticing. */
const ASK_ROOM_WHEN_TOLD_MS = 15_000;
const RESUME_GRACE_MS = 5_000;
const FIRST_MEDIA_GRACE_MS = 12_000;
/** What the publisher had sent before it was told gone may still arrive so long. */
const REMAINS_MS = 1_000;

/**
 * Watches one session's media. It resumes in place when a publisher returns. Whether there is one
 * the session's events tell; where they do not, silence is checked against the room before anyone
 * is told.
 */
export class MediaMonitor {
  readonly #parts: MediaMonitorParts;
  #flow: MediaFlow = 'none';
  #timer: ReturnType<typeof setTimeout> | undefined;
  #state: 'open' | 'closed' = 'open';
  readonly #startedAtMs = Date.now();
  #progress = 0;
  #progressAtMs = Date.now();
  /** What the last two polls that saw progress gained together. */
  #gains: readonly [number, number] = [0, 0];
  #stallTold = false;
  #roomAskedAtMs = 0;
  #liveSinceMs: number | null = null;
  /** What the session's events said last, and when. */
  #told: { readonly live: boolean; readonly atMs: number } | null = null;

  constructor(parts: MediaMonitorParts) {
    this.#parts = parts;
    this.#schedule();
  }

  /** Idempotent. */
  close(): void {
    this.#state = 'closed';
    clearTimeout(this.#timer);
  }

  /** The session's events tell whether somebody publishes; null: they do so no more. */
  handlePublisher(live: boolean | null): void {
    if (this.#isClosed()) return;
    const isBack = live === true && this.#told?.live === false;
    this.#told = live === null ? null : { live, atMs: Date.now() };
    if (live !== null) this.#roomAskedAtMs = Date.now();
    if (live === false) {
      this.#liveSinceMs = null;
      this.#tell('publisher-gone');
    }
    if (isBack) void this.#checkFit();
  }

  #schedule(): void {
    const isFast = this.#flow === 'none' && Date.now() - this.#startedAtMs < FAST_POLLS_MS;
    this.#timer = setTimeout(() => void this.#poll(), isFast ? FIRST_POLL_MS : POLL_MS);
  }

  async #poll(): Promise<void> {
    const progress = await this.#parts.readProgress().catch(() => null);
    if (this.#isClosed()) return;
    const nowMs = Date.now();
    if (progress !== null && progress > this.#progress) {
      this.#gains = [this.#gains[1], progress - this.#progress];
      this.#stallTold = false;
      this.#progress = progress;
      this.#progressAtMs = nowMs;
      if (!this.#isRemains(nowMs)) await this.#handleMedia();
    } else if (nowMs - this.#progressAtMs >= SILENCE_MS) {
      await this.#handleSilence(nowMs);
    } else {
      this.#handleStall(nowMs);
    }
    if (!this.#isClosed()) this.#schedule();
  }

  #isRemains(nowMs: number): boolean {
    return this.#told?.live === false && nowMs - this.#told.atMs < REMAINS_MS;
  }

  async #handleMedia(): Promise<void> {
    const resumed = this.#flow === 'publisher-gone';
    this.#liveSinceMs = null;
    this.#tell('flowing');
    if (resumed) await this.#checkFit();
  }

  async #checkFit(): Promise<void> {
    const source = await this.#parts.readSource();
    if (this.#isClosed() || source === null || typeof source === 'string' || !source.live) return;
    if (!this.#parts.fits(source)) this.#parts.onStale();
  }

  #handleStall(nowMs: number): void {
    const wasSteady = this.#gains[0] + this.#gains[1] >= STEADY_PROGRESS;
    if (this.#stallTold || !wasSteady || nowMs - this.#progressAtMs < STALL_MS) return;
    this.#stallTold = true;
    this.#parts.onStall();
  }

  async #handleSilence(nowMs: number): Promise<void> {
    const live = (await this.#askRoom(nowMs)) ?? this.#told?.live ?? null;
    if (this.#isClosed() || live === null) return;
    if (!live) {
      this.#liveSinceMs = null;
      this.#tell('publisher-gone');
      return;
    }
    // A live source may be silent: a screen on which nothing moves sends no frames.
    if (this.#flow === 'flowing') return;
    this.#liveSinceMs ??= nowMs;
    const graceMs = this.#flow === 'none' ? FIRST_MEDIA_GRACE_MS : RESUME_GRACE_MS;
    if (nowMs - this.#liveSinceMs >= graceMs) this.#parts.onStale();
  }

  /** Null when it cannot be told, or was asked a moment ago. */
  async #askRoom(nowMs: number): Promise<boolean | null> {
    const intervalMs = this.#told === null ? ASK_ROOM_MS : ASK_ROOM_WHEN_TOLD_MS;
    if (nowMs - this.#roomAskedAtMs < intervalMs) return null;
    this.#roomAskedAtMs = nowMs;
    const told = this.#told;
    const source = await this.#parts.readSource();
    // What was told meanwhile is newer than this answer.
    if (source === null || this.#told !== told) return null;
    const live = typeof source !== 'string' && source.live;
    if (told?.live !== live) this.#told = null;
    return live;
  }

  #isClosed(): boolean {
    return this.#state === 'closed';
  }

  #tell(flow: MediaFlow): void {
    if (flow === this.#flow) return;
    this.#flow = flow;
    this.#parts.onFlow(flow);
  }
}
