import { RtpViewer } from '../../support/rtc/rtp-viewer.ts';
import { RoomApi } from '../../../web/core/room-api.ts';
import { WhepClient } from '../../../web/core/whep-client.ts';
import type { ChaosPeer } from './chaos-peer.ts';
import { chaosPort } from './chaos-port.ts';
import type { EndedSession, Outage, Person } from './crowd-messages.ts';

/** A picture of ten frames a second stands still after this. */
export const STANDSTILL_MS = 1_000;
const LATE_MS = 1_500;
const ASK_KEY_MS = 500;

export interface WatcherNews {
  readonly onJoined: (afterMs: number) => void;
  readonly onOutage: (outage: Outage) => void;
  readonly onEnded: (ended: EndedSession) => void;
}

/** A viewer with the pages' own player, and a clock on its picture. */
export class ChaosWatcher {
  readonly #person: Person;
  readonly #news: WatcherNews;
  readonly #client: WhepClient;
  #peer: ChaosPeer | null = null;
  #counted: { readonly peer: ChaosPeer; readonly frames: number } | null = null;
  #wantedAtMs: number | null = null;
  #pictureAtMs: number | null = null;
  #askedAtMs = 0;
  #livePort: number | null = null;

  constructor(url: string, person: Person, news: WatcherNews) {
    this.#person = person;
    this.#news = news;
    const port = chaosPort(
      () => new RtpViewer({ videoCodecs: ['H264'], nack: false }),
      (peer) => (this.#peer = peer),
    );
    const { room, token } = person;
    const rooms = new RoomApi(port, { url: `${url}/api/v1/rooms/${room}`, token });
    this.#client = new WhepClient(
      { endpoint: `${url}/whep/${room}`, token, readSource: () => rooms.readSource('main') },
      port,
    );
    this.#client.session.subscribe(() => this.#handleSession());
  }

  get isWatching(): boolean {
    return this.#wantedAtMs !== null;
  }

  get isPlaying(): boolean {
    return this.#pictureAtMs !== null && Date.now() - this.#pictureAtMs < STANDSTILL_MS;
  }

  /** It waits for a picture, and for longer than somebody who joins should. */
  get isLate(): boolean {
    const wantedAtMs = this.#wantedAtMs;
    if (wantedAtMs === null) return false;
    return Date.now() - Math.max(this.#pictureAtMs ?? 0, wantedAtMs) >= LATE_MS;
  }

  /** Why it gave up; null: it did not. */
  get failure(): string | null {
    const state = this.#client.state.value;
    return state.kind === 'failed' ? `${state.problem.code} ${state.problem.detail}` : null;
  }

  get standing(): string {
    const state = this.#client.state.value;
    const why = 'problem' in state ? ` ${state.problem.code} ${state.problem.detail}` : '';
    return `${this.#person.name} in ${this.#person.room}: ${state.kind}${why}`;
  }

  start(): void {
    this.#wantedAtMs = Date.now();
    this.#pictureAtMs = null;
    this.#client.start();
  }

  /** Leaves by its own wish. */
  stop(): void {
    this.#wantedAtMs = null;
    this.#client.stop();
  }

  /** Looks at the picture; to be called many times a second. */
  look(nowMs: number): void {
    const peer = this.#peer;
    if (peer === null || this.#wantedAtMs === null) return;
    if (!(peer.media instanceof RtpViewer)) return;
    const { frames, keyframes } = peer.media.video;
    if (keyframes === 0) {
      if (frames > 0 && nowMs - this.#askedAtMs > ASK_KEY_MS) {
        this.#askedAtMs = nowMs;
        peer.media.sendPli();
      }
      return;
    }
    const before = this.#counted?.peer === peer ? this.#counted.frames : 0;
    this.#counted = { peer, frames };
    if (frames > before) this.#handlePicture(nowMs);
  }

  #handlePicture(nowMs: number): void {
    const before = this.#pictureAtMs;
    this.#pictureAtMs = nowMs;
    if (before === null) this.#news.onJoined(nowMs - (this.#wantedAtMs ?? nowMs));
    else if (nowMs - before >= STANDSTILL_MS) {
      this.#news.onOutage({ person: this.#person.name, fromMs: before, toMs: nowMs });
    }
  }

  #handleSession(): void {
    const isLive = this.#client.session.value !== null;
    if (isLive) {
      this.#livePort = this.#peer?.nodePort ?? null;
      return;
    }
    if (this.#wantedAtMs === null) return;
    const nodePort = this.#livePort;
    // The client tells its state behind its session.
    queueMicrotask(() => {
      const state = this.#client.state.value;
      const problem = 'problem' in state ? state.problem : null;
      this.#news.onEnded({
        ...{ person: this.#person.name, kind: 'watch', atMs: Date.now() },
        nodePort,
        ...{ code: problem?.code ?? state.kind, detail: problem?.detail ?? '' },
      });
    });
  }
}
