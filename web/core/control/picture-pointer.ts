import { pictureBox } from '../picture-box.ts';
import type { Box } from '../picture-box.ts';
import type { PictureView } from '../picture-view.ts';

/** Where on a picture a place of the window is. */
export class PicturePointer {
  readonly #view: PictureView;
  #styled: { readonly element: HTMLElement; readonly style: CSSStyleDeclaration } | null = null;

  constructor(view: PictureView) {
    this.#view = view;
  }

  /** Shares of the picture, below 0 or above 1 beside it; null while there is none. */
  shareAt(clientX: number, clientY: number): { readonly x: number; readonly y: number } | null {
    const box = this.box();
    if (box === null) return null;
    return { x: (clientX - box.x) / box.width, y: (clientY - box.y) / box.height };
  }

  /** The picture in CSS pixels of the window; null while there is none. */
  box(): Box | null {
    const { element, size } = this.#view;
    const room = { width: element.clientWidth, height: element.clientHeight };
    if (size === null || room.width === 0 || room.height === 0) return null;
    const box = pictureBox(room, size, this.#styleOf(element));
    const frame = element.getBoundingClientRect();
    // A page may scale its picture by a transform.
    const scale = frame.width / element.offsetWidth;
    return {
      x: frame.x + (element.clientLeft + box.x) * scale,
      y: frame.y + (element.clientTop + box.y) * scale,
      width: box.width * scale,
      height: box.height * scale,
    };
  }

  /** Computed styles are live; asking for one is not for free. */
  #styleOf(element: HTMLElement): CSSStyleDeclaration {
    if (this.#styled?.element !== element) {
      this.#styled = { element, style: getComputedStyle(element) };
    }
    return this.#styled.style;
  }
}
