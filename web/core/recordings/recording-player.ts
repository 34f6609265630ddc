import { Observable } from '../observable.ts';
import type { Chapter, TimeLine } from './time-line.ts';

export const RATES = [0.25, 0.5, 1, 1.25, 1.5, 2, 4] as const;

export interface PlayerReading {
  readonly source: string;
  /** Null: nothing of it can be played any more. */
  readonly chapter: Chapter | null;
  readonly isPlaying: boolean;
  readonly isWaiting: boolean;
  readonly isMuted: boolean;
  readonly rate: number;
  readonly hasEnded: boolean;
  /** Pixels of the picture now; null: none is known. */
  readonly size: { readonly width: number; readonly height: number } | null;
  /** Why it cannot be played. */
  readonly problem: string | null;
}

/** Where the media of a part is. */
export interface PartMedia {
  readonly id: string;
  readonly url: string;
}

/** Plays the parts of one source after another in a video element, by the recording's clock. */
export class RecordingPlayer {
  readonly state: Observable<PlayerReading>;
  /** Milliseconds since the recording began. */
  readonly atMs = new Observable(0);
  readonly #timeLine: TimeLine;
  #media: readonly PartMedia[] = [];
  #video: HTMLVideoElement | null = null;
  #frame = 0;

  constructor(timeLine: TimeLine) {
    this.#timeLine = timeLine;
    this.state = new Observable<PlayerReading>({
      source: timeLine.sources[0] ?? '',
      chapter: null,
      isPlaying: false,
      isWaiting: false,
      isMuted: false,
      rate: 1,
      hasEnded: false,
      size: null,
      problem: null,
    });
  }

  /** Where media is from now on; what plays goes on. */
  find(media: readonly PartMedia[]): void {
    this.#media = media;
  }

  /** Plays in this element until the returned function is called. */
  attach(video: HTMLVideoElement): () => void {
    this.#video = video;
    const gone = new AbortController();
    const on = (type: keyof HTMLMediaElementEventMap, act: () => void): void =>
      video.addEventListener(type, act, { signal: gone.signal });
    on('play', () => this.#tell({ isPlaying: true, hasEnded: false }));
    on('pause', () => this.#tell({ isPlaying: false }));
    on('waiting', () => this.#tell({ isWaiting: true }));
    for (const type of ['playing', 'seeked', 'canplay'] as const) {
      on(type, () => this.#tell({ isWaiting: false }));
    }
    on('resize', () => this.#sized(video));
    on('volumechange', () => this.#tell({ isMuted: video.muted }));
    on('ratechange', () => this.#tell({ rate: video.playbackRate }));
    on('timeupdate', () => this.#timed());
    on('ended', () => this.#next());
    on('error', () => this.#tell({ problem: wordsOf(video.error), isWaiting: false }));
    const tick = (): void => {
      this.#timed();
      this.#frame = requestAnimationFrame(tick);
    };
    this.#frame = requestAnimationFrame(tick);
    this.#show(this.atMs.value, false);
    return () => {
      cancelAnimationFrame(this.#frame);
      gone.abort();
      video.removeAttribute('src');
      video.load();
      this.#video = null;
    };
  }

  toggle(): void {
    const video = this.#video;
    if (video === null) return;
    if (!video.paused) video.pause();
    else if (this.state.value.hasEnded) this.#show(0, true);
    else void video.play().catch(() => undefined);
  }

  /** To a time of the recording; where the source has nothing then, to what comes next. */
  seek(ms: number): void {
    const wanted = Math.min(Math.max(0, ms), this.#timeLine.durationMs);
    this.#show(wanted, this.state.value.isPlaying);
  }

  seekBy(ms: number): void {
    this.seek(this.atMs.value + ms);
  }

  /** To the beginning of another part of the source. */
  step(by: 1 | -1): void {
    const at = this.#timeLine.step(this.state.value.source, this.atMs.value, by);
    if (at !== null) this.seek(at);
  }

  /** Another source at the same time. */
  choose(source: string): void {
    this.#tell({ source, problem: null });
    this.seek(this.atMs.value);
  }

  setRate(rate: number): void {
    const video = this.#video;
    if (video === null) return;
    video.defaultPlaybackRate = rate;
    video.playbackRate = rate;
  }

  toggleMute(): void {
    if (this.#video !== null) this.#video.muted = !this.#video.muted;
  }

  #show(ms: number, isPlaying: boolean): void {
    const video = this.#video;
    if (video === null) return;
    const { source, chapter: before } = this.state.value;
    const chapter =
      this.#timeLine.at(source, ms) ?? this.#timeLine.chaptersOf(source).at(-1) ?? null;
    const at = chapter === null ? ms : Math.min(Math.max(ms, chapter.from), chapter.to);
    this.#tell({ chapter, hasEnded: false });
    this.atMs.set(at);
    if (chapter === null) return;
    if (chapter.part.id !== before?.part.id || video.src === '' || video.error !== null) {
      const url = this.#media.find(({ id }) => id === chapter.part.id)?.url;
      this.#tell({ problem: url === undefined ? 'This part is not there any more.' : null });
      if (url === undefined) return;
      video.src = url;
    }
    video.currentTime = (at - chapter.from) / 1000;
    if (isPlaying) void video.play().catch(() => undefined);
  }

  #next(): void {
    const { source, chapter } = this.state.value;
    const next = chapter === null ? null : this.#timeLine.at(source, chapter.to);
    if (next !== null) this.#show(next.from, true);
    else this.#tell({ hasEnded: true, isPlaying: false });
  }

  #timed(): void {
    const { chapter } = this.state.value;
    const video = this.#video;
    if (video === null || chapter === null || video.seeking) return;
    this.atMs.set(chapter.from + video.currentTime * 1000);
  }

  #sized({ videoWidth: width, videoHeight: height }: HTMLVideoElement): void {
    this.#tell({ size: width === 0 ? null : { width, height } });
  }

  #tell(change: Partial<PlayerReading>): void {
    this.state.set({ ...this.state.value, ...change });
  }
}

function wordsOf(error: MediaError | null): string {
  if (error?.code === MediaError.MEDIA_ERR_NETWORK) return 'The recording could not be fetched.';
  if (error?.code === MediaError.MEDIA_ERR_DECODE) return 'This browser cannot decode it.';
  return 'It cannot be played: the link has expired, or this browser does not know its format.';
}
