import type { BrowserPort } from '../browser-port.ts';
import { createBrowserPort } from '../browser-port.ts';
import { Observable } from '../observable.ts';
import type { Size } from '../picture-box.ts';
import type { PlayerCounters } from '../player-report.ts';
import type { WatchStats } from '../watch-stats.ts';
import type { WhepState } from '../whep-client.ts';
import type { EngineEvent, EngineFigures } from './engine-messages.ts';
import { EngineHost } from './engine-host.ts';
import { FloatingPicture } from './floating-picture.ts';
import type { PaintedPicture } from './painted-picture.ts';
import { SoundOutput } from './sound-output.ts';
import type { PlayerSound } from './sound-output.ts';
import type { TokenSource } from '../token-source.ts';

/** How to watch one source over a WebSocket. */
export interface StripesPlayerOptions {
  /** Absolute `ws:` or `wss:` URL of `/ws/media/:room/:source?`. */
  readonly url: string;
  readonly token: TokenSource;
  /** Without a context yet; it is this player's for good, which sets its `width` and `height`. */
  readonly canvas: HTMLCanvasElement;
  /** Where `sound-worklet.ts` is served as one JavaScript module; beside this module when absent. */
  readonly workletUrl?: string;
  /** `page`: without a worker, as browsers without `OffscreenCanvas` do by themselves. */
  readonly thread?: 'worker' | 'page';
}

/** A page behind others wants no picture after so long; sound goes on. */
const HIDDEN_MS = 5_000;
const WORKLET = './sound-worklet.ts';

/**
 * Plays one source over a WebSocket onto a canvas, and stays with it as a `WhepClient` does: it
 * waits for a publisher and comes again when the connection is lost.
 */
export class StripesPlayer {
  readonly state = new Observable<WhepState>({ kind: 'idle' });
  /** The session's secret, as the gateway's viewer socket takes it; null while none plays. */
  readonly session = new Observable<string | null>(null);
  /** How many watch the source in all modes; null while nobody tells. */
  readonly viewers = new Observable<number | null>(null);
  /** Whether the source is there by WebRTC too; null while nobody tells. */
  readonly webrtc = new Observable<boolean | null>(null);
  /** Pixels of the picture on the canvas; null before the first whole one. */
  readonly size = new Observable<Size | null>(null);
  /** The last picture that was drawn; null before the first one. */
  readonly painted = new Observable<PaintedPicture | null>(null);
  readonly #port: BrowserPort;
  readonly #engine: EngineHost;
  readonly #sound: SoundOutput;
  readonly #floating: FloatingPicture;
  readonly #asked = new Map<number, (figures: EngineFigures) => void>();
  #asks = 0;
  #wanted = { picture: true, sound: true };
  #sent = { picture: true, sound: true };
  #isHidden = false;
  #hideTimer: ReturnType<typeof setTimeout> | undefined;
  #off: readonly (() => void)[] = [];

  constructor(options: StripesPlayerOptions, port: BrowserPort = createBrowserPort()) {
    this.#port = port;
    this.#engine = new EngineHost(options, (event) => this.#handle(event));
    this.#sound = new SoundOutput({
      workletUrl: options.workletUrl ?? new URL(/* @vite-ignore */ WORKLET, import.meta.url).href,
      onLatency: (ms) => this.#engine.tell({ type: 'sound-latency', ms }),
    });
    this.#floating = new FloatingPicture(options.canvas, (writable) =>
      this.#engine.tell({ type: 'float', writable }, writable === null ? [] : [writable]),
    );
  }

  /** Volume, mute, and whether the browser withholds sound until a click. */
  get sound(): PlayerSound {
    return this.#sound;
  }

  /** Whether the picture floats over other windows. */
  get isFloating(): Observable<boolean> {
    return this.#floating.isFloating;
  }

  /** Begins to watch, also again after an end; ignored while running. */
  start(): void {
    if (this.#off.length > 0) return;
    this.#off = [
      this.#port.onWindowEvent('online', () => this.#engine.tell({ type: 'online' })),
      this.#port.onConnectionChange(() => this.#engine.tell({ type: 'online' })),
      this.#port.onVisibilityChange(() => this.#handleVisibility()),
      this.#sound.isAudible.subscribe(() => this.#sendWant()),
      this.isFloating.subscribe(() => this.#sendWant()),
    ];
    this.#engine.tell({ type: 'start' });
    this.#handleVisibility();
  }

  /** Leaves. What was painted last stays on the canvas. Idempotent. */
  stop(): void {
    clearTimeout(this.#hideTimer);
    for (const off of this.#off) off();
    this.#off = [];
    this.#engine.tell({ type: 'stop' });
    this.#sound.close();
    void this.#floating.leave();
  }

  /** Stops for good and lets the worker go; the canvas shows nothing more. */
  close(): void {
    this.stop();
    this.#engine.close();
    for (const answer of this.#asked.values()) answer({ stats: null, counters: null });
    this.#asked.clear();
  }

  /** Cuts a waiting time short. */
  retryNow(): void {
    this.#engine.tell({ type: 'retry' });
  }

  /** What the page can use; without a picture or sound none is sent, or made if nobody else wants it. */
  want(wanted: { readonly picture: boolean; readonly sound: boolean }): void {
    this.#wanted = { picture: wanted.picture, sound: wanted.sound };
    this.#sendWant();
  }

  /** The figures of this moment; null while nothing plays. */
  async stats(): Promise<WatchStats | null> {
    return (await this.#askFigures()).stats;
  }

  /** What was counted in this session; null while nothing plays. */
  async counters(): Promise<PlayerCounters | null> {
    return (await this.#askFigures()).counters;
  }

  /** Floats the picture, or brings it back; within a click. False: this browser has no such thing. */
  togglePictureInPicture(): Promise<boolean> {
    return this.#floating.toggle();
  }

  #handle(event: EngineEvent): void {
    switch (event.type) {
      case 'state': {
        this.state.set(event.state);
        return;
      }
      case 'session': {
        this.session.set(event.session);
        return;
      }
      case 'viewers': {
        this.viewers.set(event.count);
        return;
      }
      case 'webrtc': {
        this.webrtc.set(event.webrtc);
        return;
      }
      case 'size': {
        this.size.set(event.size);
        return;
      }
      case 'painted': {
        const atMs = event.picture.atMs - performance.timeOrigin;
        this.painted.set({ ...event.picture, atMs });
        return;
      }
      case 'sound':
        void this.#sound.open().then((port) => {
          if (port !== null) this.#engine.tell({ type: 'sound-port', port }, [port]);
        });
        return;
      case 'figures':
        this.#asked.get(event.id)?.(event.figures);
        this.#asked.delete(event.id);
        return;
      default:
        return event satisfies never;
    }
  }

  #askFigures(): Promise<EngineFigures> {
    if (this.#off.length === 0) return Promise.resolve({ stats: null, counters: null });
    const id = this.#asks++;
    const { promise, resolve } = Promise.withResolvers<EngineFigures>();
    this.#asked.set(id, resolve);
    this.#engine.tell({ type: 'figures', id });
    return promise;
  }

  #handleVisibility(): void {
    clearTimeout(this.#hideTimer);
    if (this.#port.isPageVisible()) this.#setHidden(false);
    else this.#hideTimer = setTimeout(() => this.#setHidden(true), HIDDEN_MS);
  }

  #setHidden(isHidden: boolean): void {
    this.#isHidden = isHidden;
    this.#sendWant();
  }

  #sendWant(): void {
    const picture = this.#wanted.picture && (!this.#isHidden || this.isFloating.value);
    const sound = this.#wanted.sound && this.#sound.isAudible.value;
    if (picture === this.#sent.picture && sound === this.#sent.sound) return;
    this.#sent = { picture, sound };
    this.#engine.tell({ type: 'want', picture, sound });
  }
}
