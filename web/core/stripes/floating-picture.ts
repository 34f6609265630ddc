import { Observable } from '../observable.ts';

/** Chromium's way from pictures to a track; its writable end can be given to a worker. */
type TrackGenerator = MediaStreamTrack & { readonly writable: WritableStream<VideoFrame> };
declare const MediaStreamTrackGenerator:
  (new (init: { kind: 'video' }) => TrackGenerator) | undefined;

/**
 * Floats what a canvas shows over other windows, by a video of its own: canvases cannot float. A
 * hidden page commits no canvas, so where it can the picture comes from where it is painted.
 */
export class FloatingPicture {
  readonly isFloating = new Observable(false);
  readonly #canvas: HTMLCanvasElement;
  readonly #feed: (writable: WritableStream<VideoFrame> | null) => void;
  #video: HTMLVideoElement | null = null;

  /** `feed` is handed where pictures go from now on, null: nowhere. */
  constructor(
    canvas: HTMLCanvasElement,
    feed: (writable: WritableStream<VideoFrame> | null) => void,
  ) {
    this.#canvas = canvas;
    this.#feed = feed;
  }

  /** Within a click. False: this browser has no such thing, or no picture came. */
  async toggle(): Promise<boolean> {
    if (!isSupported()) return false;
    if (this.#video !== null) {
      await this.leave();
      return true;
    }
    const video = document.createElement('video');
    video.muted = true;
    video.srcObject = new MediaStream([this.#takeTrack()]);
    video.addEventListener('leavepictureinpicture', () => this.#release(), { once: true });
    this.#video = video;
    try {
      await video.play();
      await video.requestPictureInPicture();
    } catch {
      this.#release();
      return false;
    }
    this.isFloating.set(true);
    return true;
  }

  /** Idempotent. */
  async leave(): Promise<void> {
    const video = this.#video;
    if (video === null) return;
    if (document.pictureInPictureElement === video) {
      await document.exitPictureInPicture().catch(() => undefined);
    }
    this.#release();
  }

  #takeTrack(): MediaStreamTrack {
    if (typeof MediaStreamTrackGenerator !== 'undefined') {
      const generator = new MediaStreamTrackGenerator({ kind: 'video' });
      this.#feed(generator.writable);
      return generator;
    }
    const [track] = this.#canvas.captureStream().getVideoTracks();
    if (track === undefined) throw new Error('a canvas has no track');
    return track;
  }

  #release(): void {
    const stream = this.#video?.srcObject;
    if (stream instanceof MediaStream) for (const track of stream.getTracks()) track.stop();
    if (this.#video !== null) this.#video.srcObject = null;
    this.#video = null;
    this.#feed(null);
    this.isFloating.set(false);
  }
}

const isSupported = (): boolean => document.pictureInPictureEnabled;
