import { Observable } from '../core/observable.ts';
import { playWithSoundIfAllowed } from './autoplay.ts';
import { leavePictures, toggleFullScreen, togglePictureInPicture } from './screen-modes.ts';

/** What the controls of a player show. */
export interface PlayerState {
  readonly paused: boolean;
  readonly muted: boolean;
  /** 0 to 1. */
  readonly volume: number;
  /** The browser forbids sound until the person asks for it. */
  readonly soundBlocked: boolean;
  readonly fullScreen: boolean;
}

const initial: PlayerState = {
  paused: false,
  muted: false,
  volume: 1,
  soundBlocked: false,
  fullScreen: false,
};

/** One `<video>` and its stage, driven by the page's controls and keys. */
export class Player {
  readonly state = new Observable<PlayerState>(initial);
  #video: HTMLVideoElement | null = null;
  #stage: HTMLElement | null = null;

  /** The element that it drives; null while it has none. */
  get video(): HTMLVideoElement | null {
    return this.#video;
  }

  /** Takes an element over; the returned function lets it go. */
  attach(video: HTMLVideoElement, stage: HTMLElement): () => void {
    this.#video = video;
    this.#stage = stage;
    const refresh = () => this.#refresh();
    video.addEventListener('volumechange', refresh);
    document.addEventListener('fullscreenchange', refresh);
    return () => {
      video.removeEventListener('volumechange', refresh);
      document.removeEventListener('fullscreenchange', refresh);
      leavePictures(video);
      video.srcObject = null;
      this.#video = null;
      this.#stage = null;
    };
  }

  /** Shows another stream, at once unless the person paused. */
  async show(stream: MediaStream | null): Promise<void> {
    const video = this.#video;
    if (video === null) return;
    video.srcObject = stream;
    if (stream === null || this.state.value.paused) return;
    const outcome = await playWithSoundIfAllowed(video);
    this.#refresh(outcome === 'muted' ? { soundBlocked: true } : {});
  }

  /** Pauses here only; the stream goes on, and playing again continues at the present. */
  togglePause(): void {
    const video = this.#video;
    if (video === null) return;
    const paused = !this.state.value.paused;
    this.#refresh({ paused });
    if (paused) video.pause();
    else void playWithSoundIfAllowed(video);
  }

  toggleMute(): void {
    const video = this.#video;
    if (video === null) return;
    video.muted = !video.muted;
    if (!video.muted && video.volume === 0) video.volume = 0.5;
    this.#refresh({ soundBlocked: false });
  }

  setVolume(volume: number): void {
    const video = this.#video;
    if (video === null) return;
    video.volume = Math.min(1, Math.max(0, volume));
    video.muted = video.volume === 0;
    this.#refresh({ soundBlocked: false });
  }

  toggleFullScreen(): void {
    if (this.#video !== null && this.#stage !== null) toggleFullScreen(this.#stage, this.#video);
  }

  togglePictureInPicture(): void {
    if (this.#video !== null) void togglePictureInPicture(this.#video);
  }

  #refresh(change: Partial<PlayerState> = {}): void {
    const video = this.#video;
    if (video === null) return;
    this.state.set({
      ...this.state.value,
      muted: video.muted,
      volume: video.volume,
      fullScreen: document.fullscreenElement !== null,
      ...change,
    });
  }
}
