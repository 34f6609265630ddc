import type { Picture } from './picture-encoder.ts';

/**
 * Pictures of a track by a hidden `<video>`, for browsers that do not process tracks: new ones when
 * asked while the page is seen, any when it is not, as browsers tell of no new ones then.
 */
export class PageFeed {
  readonly #video = document.createElement('video');
  #isNew = true;
  #callback = 0;

  constructor(track: MediaStreamTrack) {
    this.#video.muted = true;
    this.#video.playsInline = true;
    this.#video.srcObject = new MediaStream([track]);
    this.#video.play().catch(() => undefined);
    this.#listen();
  }

  /** The picture of this moment, the caller's to close; null: the last one still holds. */
  async take(): Promise<Picture | null> {
    const video = this.#video;
    if (video.videoWidth === 0 || (!this.#isNew && document.visibilityState === 'visible')) {
      return null;
    }
    this.#isNew = !('requestVideoFrameCallback' in video);
    return typeof VideoFrame === 'undefined'
      ? await createImageBitmap(video)
      : new VideoFrame(video, { timestamp: 0 });
  }

  /** Gives the picture back; the track stays its owner's. */
  close(): void {
    if ('cancelVideoFrameCallback' in this.#video) {
      this.#video.cancelVideoFrameCallback(this.#callback);
    }
    this.#video.srcObject = null;
  }

  #listen(): void {
    if (!('requestVideoFrameCallback' in this.#video)) return;
    this.#callback = this.#video.requestVideoFrameCallback(() => {
      this.#isNew = true;
      this.#listen();
    });
  }
}
