import { Observable } from '../core/observable.ts';
import type { Way } from '../core/roaming/media-mode.ts';
import type { PlayerSound } from '../core/stripes/sound-output.ts';
import { play } from './autoplay.ts';
import type { Picture } from './picture.ts';
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

/** What of a `StripesPlayer` is driven. */
export interface CanvasPlayer {
  readonly sound: PlayerSound;
  readonly isFloating: Observable<boolean>;
  want(wanted: { readonly picture: boolean; readonly sound: boolean }): void;
  togglePictureInPicture(): Promise<boolean>;
}

const initial: PlayerState = {
  paused: false,
  muted: false,
  volume: 1,
  soundBlocked: false,
  fullScreen: false,
};

/** A picture and its sound, driven by the page's controls and keys; only the way that is seen is heard. */
export class Player {
  readonly state = new Observable<PlayerState>(initial);
  readonly picture: Picture;
  readonly #canvasPlayer: CanvasPlayer;
  #stage: HTMLElement | null = null;
  /** What the person wants. */
  #sound = { muted: false, volume: 1 };
  /** The browser plays the video without sound only. */
  #isVideoBlocked = false;

  constructor(picture: Picture, canvasPlayer: CanvasPlayer) {
    this.picture = picture;
    this.#canvasPlayer = canvasPlayer;
  }

  /** Whether the canvas' picture floats over other windows. */
  get isFloating(): Observable<boolean> {
    return this.#canvasPlayer.isFloating;
  }

  /** Takes its stage over; the returned function lets it go. */
  attach(stage: HTMLElement): () => void {
    const { video } = this.picture;
    this.#stage = stage;
    const follow = () => this.#followVideo();
    const refresh = () => this.#refresh();
    video.addEventListener('volumechange', follow);
    document.addEventListener('fullscreenchange', refresh);
    const off = this.#canvasPlayer.sound.isBlocked.subscribe(refresh);
    this.#applySound();
    return () => {
      video.removeEventListener('volumechange', follow);
      document.removeEventListener('fullscreenchange', refresh);
      off();
      leavePictures(video);
      video.srcObject = null;
      this.#stage = null;
    };
  }

  /** Gives the video another stream, which plays at once unless the person paused. */
  async show(stream: MediaStream | null): Promise<void> {
    const { video } = this.picture;
    video.srcObject = stream;
    if (stream === null || this.state.value.paused) return;
    await this.#playVideo();
  }

  /** The picture of a way is seen and heard from now on. */
  async turnTo(way: Way): Promise<void> {
    const { picture } = this;
    if (picture.seen.value.way === way) return;
    picture.show(way);
    if (way === 'websocket') leavePictures(picture.video);
    this.#applySound();
    // Chromium pauses a video that is given its sound before the person did anything.
    if (way === 'webrtc' && !this.state.value.paused) await this.#playVideo();
  }

  /** Pauses here only; the stream goes on, and playing again continues at the present. */
  togglePause(): void {
    const { video } = this.picture;
    const paused = !this.state.value.paused;
    this.#refresh({ paused });
    this.#canvasPlayer.want({ picture: !paused, sound: !paused });
    if (paused) video.pause();
    else void this.#playVideo();
  }

  toggleMute(): void {
    const { muted, volume } = this.state.value;
    this.#setSound({ muted: !muted, volume: muted && volume === 0 ? 0.5 : volume });
  }

  setVolume(wanted: number): void {
    const volume = Math.min(1, Math.max(0, wanted));
    this.#setSound({ muted: volume === 0, volume });
  }

  toggleFullScreen(): void {
    if (this.#stage !== null) toggleFullScreen(this.#stage, this.picture.video);
  }

  togglePictureInPicture(): void {
    const { video, seen } = this.picture;
    if (seen.value.way === 'webrtc') void togglePictureInPicture(video);
    else void this.#canvasPlayer.togglePictureInPicture();
  }

  /** Within a click or a key, so that the browser allows it. */
  #setSound(sound: { readonly muted: boolean; readonly volume: number }): void {
    this.#sound = sound;
    this.#isVideoBlocked = false;
    this.#applySound();
    if (!sound.muted) void this.#canvasPlayer.sound.resume();
  }

  async #playVideo(): Promise<void> {
    const { video } = this.picture;
    if ((await play(video)) === 'playing') return;
    this.#isVideoBlocked = true;
    this.#applySound();
    await play(video);
  }

  #applySound(): void {
    const { video, seen } = this.picture;
    const { muted, volume } = this.#sound;
    const { way } = seen.value;
    video.muted = muted || this.#isVideoBlocked || way !== 'webrtc';
    video.volume = volume;
    this.#canvasPlayer.sound.set({ muted: muted || way !== 'websocket', volume });
    this.#refresh();
  }

  /** Phones in full screen have controls of their own. */
  #followVideo(): void {
    const { video, seen } = this.picture;
    if (seen.value.way !== 'webrtc') return;
    if (!video.muted) this.#isVideoBlocked = false;
    if (!this.#isVideoBlocked) this.#sound = { muted: video.muted, volume: video.volume };
    this.#refresh();
  }

  #refresh(change: Partial<PlayerState> = {}): void {
    const { muted, volume } = this.#sound;
    const isSilent =
      this.picture.seen.value.way === 'webrtc'
        ? this.#isVideoBlocked
        : this.#canvasPlayer.sound.isBlocked.value;
    this.state.set({
      ...this.state.value,
      ...change,
      muted: muted || isSilent,
      volume,
      soundBlocked: isSilent && !muted,
      fullScreen: document.fullscreenElement !== null,
    });
  }
}
