import { pictureBox } from '../picture-box.ts';
import type { Box } from '../picture-box.ts';

/** Where on a video's picture a place of the window is. */
export class PicturePointer {
  readonly #video: HTMLVideoElement;
  readonly #style: CSSStyleDeclaration;

  constructor(video: HTMLVideoElement) {
    this.#video = video;
    this.#style = getComputedStyle(video);
  }

  /** Shares of the picture, below 0 or above 1 beside it; null while there is none. */
  shareAt(clientX: number, clientY: number): { readonly x: number; readonly y: number } | null {
    const box = this.box();
    if (box === null) return null;
    return { x: (clientX - box.x) / box.width, y: (clientY - box.y) / box.height };
  }

  /** The picture in CSS pixels of the window; null while there is none. */
  box(): Box | null {
    const video = this.#video;
    const picture = { width: video.videoWidth, height: video.videoHeight };
    const element = { width: video.clientWidth, height: video.clientHeight };
    if (picture.width === 0 || element.width === 0 || element.height === 0) return null;
    const box = pictureBox(element, picture, this.#style);
    const frame = video.getBoundingClientRect();
    // A page may scale its video by a transform.
    const scale = frame.width / video.offsetWidth;
    return {
      x: frame.x + (video.clientLeft + box.x) * scale,
      y: frame.y + (video.clientTop + box.y) * scale,
      width: box.width * scale,
      height: box.height * scale,
    };
  }
}
