import type { Size } from './picture-box.ts';

/** Where a page shows the picture: a `<video>`, or a `<canvas>` in its place. */
export interface PictureView {
  /** Replaced by `object-fit`; another one from time to time. */
  readonly element: HTMLElement;
  /** Pixels of the picture; null before the first one. */
  readonly size: Size | null;
}

/** The view of a page that has one video. */
export const viewOfVideo = (video: HTMLVideoElement): PictureView => ({
  element: video,
  get size() {
    const { videoWidth: width, videoHeight: height } = video;
    return width > 0 ? { width, height } : null;
  },
});
