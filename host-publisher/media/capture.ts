import { setTimeout as delay } from 'node:timers/promises';
import type { PictureSize } from '../../gateway/protocol/host.ts';
import { HostError } from '../host-error.ts';
import type { Injection } from '../input/injection.ts';
import { PORTAL } from './display.ts';
import { requireElements } from './gstreamer/elements.ts';
import type { Gst } from './gstreamer/native.ts';
import { watchPassing, type PassingBuffer } from './gstreamer/passing.ts';
import { Pipeline } from './gstreamer/pipeline.ts';
import type { MediaPlan } from './plan.ts';
import { SCREEN_ELEMENT } from './screen/screen-feed.ts';
import { SOUND_GATE, type Sound } from './sound/sound.ts';
import type { Feed, Share, Source } from './sources/feed.ts';
import { FIT_ELEMENT, screenCaps } from './sources/fitting.ts';

const REASON_MS = 500;
const SINKS = { picture: 'captured-picture', sound: 'captured-sound' } as const;
type Track = keyof typeof SINKS;

/** What is captured: found, but not opened yet. */
export interface CaptureParts {
  readonly plan: MediaPlan;
  readonly source: Source;
  readonly sound: Sound;
}

/** One capture for all modes: raw frames and Opus packets, handed to whoever takes them. */
export class Capture {
  readonly #gst: Gst;
  readonly #parts: CaptureParts;
  readonly #share: Share | null;
  readonly #pipeline: Pipeline;
  readonly #takers: Readonly<Record<Track, Set<(passing: PassingBuffer) => void>>> = {
    picture: new Set(),
    sound: new Set(),
  };
  readonly #feedFailed = Promise.withResolvers<never>();
  readonly #ended: Promise<never>;
  #feed: Feed | null = null;
  #closing: Promise<void> | null = null;

  /** Asks where that is needed until `signal` says to stop, and plays. */
  static async open(gst: Gst, parts: CaptureParts, signal: AbortSignal): Promise<Capture> {
    requireElements(gst, [...parts.source.elements, ...parts.sound.elements]);
    const share = (await parts.source.share?.(signal)) ?? null;
    let capture: Capture | null = null;
    try {
      capture = new Capture(gst, parts, share);
      await capture.#play();
      return capture;
    } catch (error) {
      await (capture === null ? share?.close() : capture.close());
      throw error;
    }
  }

  private constructor(gst: Gst, parts: CaptureParts, share: Share | null) {
    this.#gst = gst;
    this.#parts = parts;
    this.#share = share;
    this.#feedFailed.promise.catch(() => undefined);
    const { source, sound } = parts;
    const picture = `${share?.text ?? source.text} ! ${describeSink('picture')}`;
    const heard = sound.text === null ? '' : `${sound.text} ! ${describeSink('sound')}`;
    this.#pipeline = Pipeline.parse(gst, `${picture} ${heard}`);
    this.#ended = this.#whyEnded();
    this.#ended.catch(() => undefined);
  }

  get hasSound(): boolean {
    return this.#parts.sound.text !== null;
  }

  /** The one to share time with. */
  get pipeline(): Pipeline {
    return this.#pipeline;
  }

  /** Fails when the source has ended; never resolves. */
  get ended(): Promise<never> {
    return this.#ended;
  }

  /** Hands over each frame, and with `sound` each Opus packet, until the returned function is called. */
  onPicture(take: (frame: PassingBuffer) => void): () => void {
    return this.#hand('picture', take);
  }

  onSound(take: (packet: PassingBuffer) => void): () => void {
    return this.#hand('sound', take);
  }

  /** When something was captured, in microseconds since 1970. */
  wallClockUs(timeNs: bigint): number {
    const ageUs = Number(this.#pipeline.runningTimeNs - timeNs) / 1_000;
    return Math.round((performance.timeOrigin + performance.now()) * 1_000 - ageUs);
  }

  /** Draws an X11 cursor into the picture, or leaves it out. */
  showPointer(shown: boolean): void {
    if (!this.#isX11Desktop) return;
    this.#pipeline.set(SCREEN_ELEMENT, 'show-pointer', String(shown));
  }

  /** Gives frames of this size from now on: the desktop that it shows has another one. */
  resize(size: PictureSize): void {
    if (!this.#isX11Desktop) return;
    this.#pipeline.set(FIT_ELEMENT, 'caps', screenCaps({ ...this.#parts.plan.picture, ...size }));
  }

  /** Acts upon what is painted here; what GStreamer captures is acted upon elsewhere. */
  inject(acts: readonly Injection[], fresh: boolean): void {
    this.#feed?.inject?.(acts, fresh);
  }

  /** The cube shows the number of this input. */
  mark(inputId: number): void {
    this.#feed?.mark?.(inputId);
  }

  /** Idempotent. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    await this.#feed?.close();
    await this.#pipeline.close();
    await this.#share?.close();
  }

  get #isX11Desktop(): boolean {
    const { source, display } = this.#parts.plan;
    return source === 'desktop' && display !== PORTAL;
  }

  async #play(): Promise<void> {
    const tracks: readonly Track[] = this.hasSound ? ['picture', 'sound'] : ['picture'];
    for (const track of tracks) {
      watchPassing(this.#gst, this.#pipeline, SINKS[track], (passing) => {
        if (track === 'picture') this.#feed?.captured?.();
        for (const take of this.#takers[track]) take(passing);
      });
    }
    await this.#pipeline.play();
    const { feed } = this.#parts.source;
    if (feed === null) return;
    this.#feed = feed(this.#pipeline);
    this.#feed.failure.catch((error: unknown) => this.#feedFailed.reject(error));
  }

  #hand(track: Track, take: (passing: PassingBuffer) => void): () => void {
    const takers = this.#takers[track];
    takers.add(take);
    this.#gateSound();
    return () => {
      takers.delete(take);
      this.#gateSound();
    };
  }

  /** Sound that nobody takes is not encoded. */
  #gateSound(): void {
    if (!this.hasSound) return;
    this.#pipeline.set(SOUND_GATE, 'drop', String(this.#takers.sound.size === 0));
  }

  async #whyEnded(): Promise<never> {
    const failed = [this.#feedFailed.promise, ...(this.#share === null ? [] : [this.#share.ended])];
    return Promise.race([...failed, this.#pipelineEnded()]);
  }

  async #pipelineEnded(): Promise<never> {
    try {
      await this.#pipeline.ended;
    } catch (error) {
      await this.#whyShared();
      throw error;
    }
    await this.#whyShared();
    throw new HostError('media', 'GStreamer stopped: the source has ended.');
  }

  /** The pipeline may see the end of what is shared before its reason is told. */
  async #whyShared(): Promise<void> {
    if (this.#share !== null) await Promise.race([this.#share.ended, delay(REASON_MS)]);
  }
}

/** What JavaScript is too slow for is left out, except of sound. */
function describeSink(track: Track): string {
  const waiting = track === 'picture' ? 'max-buffers=1 drop=true' : 'max-buffers=200';
  return `appsink name=${SINKS[track]} emit-signals=true sync=false async=false ${waiting}`;
}
