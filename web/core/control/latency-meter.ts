import type { InputApplied, InputPictured } from '../../../gateway/protocol/input.ts';
import { Observable } from '../observable.ts';
import type { PaintedPicture } from '../stripes/painted-picture.ts';
import type { ViewerSocket } from '../viewer-socket.ts';

/** Medians of what was measured last, ms; null: nothing yet. */
export interface Latency {
  /** To the gateway and back. */
  readonly rttMs: number | null;
  /** From an event in this page until the host had taken it and this page knew. */
  readonly appliedMs: number | null;
  /** From an event in this page until a picture that may show it was presented. */
  readonly pictureMs: number | null;
}

/** What of a `<video>` is needed here. */
export type PresentingVideo = Pick<
  HTMLVideoElement,
  'requestVideoFrameCallback' | 'cancelVideoFrameCallback'
>;

/** A picture that a player showed, `performance.now()`. */
type Presented = { readonly atMs: number } & (
  { readonly rtpTimestamp: number } | { readonly capturedAtUs: number }
);

/** Pictures show at most so many marks a second. */
const MARK_EVERY_MS = 250;
/** Marks and pictures that are remembered; a second and more of them. */
const REMEMBERED = 128;
const SAMPLES = 9;
/** Two seconds of video's 90 kHz. */
const MOST_TICKS = 180_000;

/** Measures how long input takes, by what host and player tell. */
export class LatencyMeter {
  readonly latency = new Observable<Latency>({ rttMs: null, appliedMs: null, pictureMs: null });
  readonly #socket: ViewerSocket;
  readonly #off: readonly (() => void)[];
  readonly #marks = new Map<number, number>();
  readonly #pictured: Omit<InputPictured, 'type'>[] = [];
  readonly #presented: Presented[] = [];
  readonly #applied: number[] = [];
  readonly #pictures: number[] = [];
  #mark = 0;
  #markedAtMs = -Infinity;

  constructor(socket: ViewerSocket) {
    this.#socket = socket;
    this.#off = [
      socket.on('input/applied', (applied) => this.#handleApplied(applied)),
      socket.on('input/pictured', (pictured) => this.#handlePictured(pictured)),
      socket.rttMs.subscribe(() => this.#publish()),
    ];
  }

  /** The mark of a frame whose input happened `atMs`; null: not this one. */
  mark(atMs: number): number | null {
    if (atMs - this.#markedAtMs < MARK_EVERY_MS) return null;
    this.#markedAtMs = atMs;
    this.#mark = (this.#mark + 1) & 0xffff;
    this.#marks.set(this.#mark, atMs);
    const [oldest] = this.#marks.keys();
    if (this.#marks.size > REMEMBERED && oldest !== undefined) this.#marks.delete(oldest);
    return this.#mark;
  }

  /** Looks at the pictures of a player until the returned function is called. */
  watch(video: PresentingVideo): () => void {
    // Firefox before 132 has it not.
    if (!('requestVideoFrameCallback' in video)) return () => undefined;
    let handle = 0;
    const look = (_now: number, metadata: VideoFrameCallbackMetadata) => {
      const { rtpTimestamp, presentationTime: atMs } = metadata;
      if (rtpTimestamp !== undefined) this.#handlePresented({ rtpTimestamp, atMs });
      handle = video.requestVideoFrameCallback(look);
    };
    handle = video.requestVideoFrameCallback(look);
    return () => video.cancelVideoFrameCallback(handle);
  }

  /** Looks at the pictures that are drawn on a canvas until the returned function is called. */
  watchCanvas(painted: Observable<PaintedPicture | null>): () => void {
    return painted.subscribe(() => {
      if (painted.value !== null) this.#handlePresented(painted.value);
    });
  }

  /** Hears no more. Idempotent. */
  close(): void {
    for (const off of this.#off) off();
  }

  #handleApplied({ at }: InputApplied): void {
    remember(this.#applied, performance.now() - at, SAMPLES);
    this.#publish();
  }

  #handlePictured({ type: _, ...pictured }: InputPictured): void {
    if (!this.#marks.has(pictured.mark)) return;
    remember(this.#pictured, pictured, REMEMBERED);
    this.#match();
  }

  #handlePresented(presented: Presented): void {
    remember(this.#presented, presented, REMEMBERED);
    if (this.#pictured.length > 0) this.#match();
  }

  /** What the host says of a picture and the picture itself come by two ways, in any order. */
  #match(): void {
    for (const pictured of [...this.#pictured]) {
      const shown = this.#presented.find((presented) => shows(presented, pictured));
      if (shown === undefined) continue;
      this.#pictured.splice(this.#pictured.indexOf(pictured), 1);
      this.#see(pictured.mark, shown.atMs);
    }
  }

  #see(mark: number, shownAtMs: number): void {
    const atMs = this.#marks.get(mark);
    this.#marks.delete(mark);
    if (atMs === undefined || shownAtMs < atMs) return;
    const tookMs = Math.min(60_000, shownAtMs - atMs);
    this.#socket.send({ type: 'input/seen', tookMs });
    remember(this.#pictures, tookMs, SAMPLES);
    this.#publish();
  }

  #publish(): void {
    this.latency.set({
      rttMs: this.#socket.rttMs.value,
      appliedMs: median(this.#applied),
      pictureMs: median(this.#pictures),
    });
  }
}

/** Whether a picture is the one that the host told of, or a later one of the same way. */
function shows(presented: Presented, pictured: Omit<InputPictured, 'type'>): boolean {
  if ('capturedAtUs' in presented) {
    return pictured.capturedAtUs !== undefined && presented.capturedAtUs >= pictured.capturedAtUs;
  }
  const { rtpTimestamp } = pictured;
  return rtpTimestamp !== undefined && isSoonAfter(presented.rtpTimestamp, rtpTimestamp);
}

/** RTP timestamps go round; those of a server that rewrites them are nowhere near the host's. */
const isSoonAfter = (a: number, b: number): boolean => {
  const ticks = (a - b) | 0;
  return ticks >= 0 && ticks < MOST_TICKS;
};

function remember<T>(list: T[], item: T, most: number): void {
  list.push(item);
  if (list.length > most) list.shift();
}

function median(values: readonly number[]): number | null {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[sorted.length >> 1] ?? null;
}
