import type { CursorPosition, CursorShape } from '../../gateway/protocol/cursor.ts';
import { cursorBox } from '../core/cursor-place.ts';
import type { Observable } from '../core/observable.ts';
import { pictureBox } from '../core/picture-box.ts';
import type { Box } from '../core/picture-box.ts';

/** What a cursor comes from and goes onto. */
export interface CursorPainterParts {
  /** Lies in the same positioned parent as the video. */
  readonly image: HTMLImageElement;
  readonly video: HTMLVideoElement;
  readonly shape: Observable<CursorShape | null>;
  readonly position: Observable<CursorPosition | null>;
}

/** Everything that moves the picture within its video, or stops it. */
const VIDEO_EVENTS = [
  ...['resize', 'pause', 'play'],
  ...['enterpictureinpicture', 'leavepictureinpicture'],
];

/** Keeps an image at the place of the host's cursor, until it is closed. */
export class CursorPainter {
  readonly #parts: CursorPainterParts;
  readonly #resizes: ResizeObserver;
  readonly #off: readonly (() => void)[];
  #picture: Box | null = null;

  constructor(parts: CursorPainterParts) {
    this.#parts = parts;
    const { video, shape, position } = parts;
    const measure = () => this.#measure();
    this.#resizes = new ResizeObserver(measure);
    this.#resizes.observe(video);
    for (const type of VIDEO_EVENTS) video.addEventListener(type, measure);
    this.#off = [
      shape.subscribe(() => this.#wear(shape.value)),
      position.subscribe(() => this.#draw('moved')),
      ...VIDEO_EVENTS.map((type) => () => video.removeEventListener(type, measure)),
    ];
    this.#wear(shape.value);
    measure();
  }

  /** Hides the cursor. Idempotent. */
  close(): void {
    this.#resizes.disconnect();
    for (const off of this.#off) off();
    this.#parts.image.hidden = true;
  }

  #wear(shape: CursorShape | null): void {
    if (shape !== null) this.#parts.image.src = `data:image/png;base64,${shape.png}`;
    this.#draw('changed');
  }

  #measure(): void {
    const { video } = this.#parts;
    const isShown =
      video.videoWidth > 0 && !video.paused && document.pictureInPictureElement !== video;
    this.#picture = isShown ? measurePicture(video) : null;
    this.#draw('changed');
  }

  #draw(why: 'moved' | 'changed'): void {
    const { image, shape, position } = this.#parts;
    const wasHidden = image.hidden;
    const isVisible = position.value?.visible === true;
    if (!isVisible || shape.value === null || this.#picture === null) {
      image.hidden = true;
      return;
    }
    const { x, y, width, height } = cursorBox(shape.value, position.value, this.#picture);
    // It glides from one place to the next and jumps to the first.
    image.toggleAttribute('data-gliding', why === 'moved' && !wasHidden);
    image.style.width = `${width}px`;
    image.style.height = `${height}px`;
    image.style.transform = `translate(${x}px, ${y}px)`;
    image.hidden = false;
  }
}

/** In CSS pixels of the parent that video and image share. */
function measurePicture(video: HTMLVideoElement): Box {
  const element = { width: video.clientWidth, height: video.clientHeight };
  const picture = { width: video.videoWidth, height: video.videoHeight };
  const box = pictureBox(element, picture, getComputedStyle(video));
  const left = video.offsetLeft + video.clientLeft;
  const top = video.offsetTop + video.clientTop;
  return { ...box, x: box.x + left, y: box.y + top };
}
