import type { CursorPosition, CursorShape } from '../../gateway/protocol/cursor.ts';
import { cursorBox } from '../core/cursor-place.ts';
import type { Observable } from '../core/observable.ts';
import { pictureBox } from '../core/picture-box.ts';
import type { Box } from '../core/picture-box.ts';
import type { PictureView } from '../core/picture-view.ts';
import type { Player } from './player.ts';

/** What a cursor comes from and goes onto. */
export interface CursorPainterParts {
  /** Lies in the same positioned parent as the picture. */
  readonly image: HTMLImageElement;
  readonly player: Player;
  readonly shape: Observable<CursorShape | null>;
  readonly position: Observable<CursorPosition | null>;
}

const MEASURED_EVENTS = ['resize', 'enterpictureinpicture', 'leavepictureinpicture'];

/** Keeps an image at the place of the host's cursor, until it is closed. */
export class CursorPainter {
  readonly #parts: CursorPainterParts;
  readonly #resizes: ResizeObserver;
  readonly #off: readonly (() => void)[];
  #picture: Box | null = null;

  constructor(parts: CursorPainterParts) {
    this.#parts = parts;
    const { player, shape, position } = parts;
    const { video, canvas, seen } = player.picture;
    const measure = () => this.#measure();
    this.#resizes = new ResizeObserver(measure);
    for (const element of [video, canvas]) this.#resizes.observe(element);
    for (const type of MEASURED_EVENTS) video.addEventListener(type, measure);
    this.#off = [
      shape.subscribe(() => this.#wear(shape.value)),
      position.subscribe(() => this.#draw('moved')),
      seen.subscribe(measure),
      player.state.subscribe(measure),
      player.isFloating.subscribe(measure),
      ...MEASURED_EVENTS.map((type) => () => video.removeEventListener(type, measure)),
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
    const { picture, state, isFloating } = this.#parts.player;
    const isHere = document.pictureInPictureElement !== picture.video && !isFloating.value;
    const isShown = isHere && !state.value.paused;
    this.#picture = isShown ? measurePicture(picture) : null;
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

/** In CSS pixels of the parent that picture and image share; null while there is no picture. */
function measurePicture({ element, size }: PictureView): Box | null {
  if (size === null) return null;
  const room = { width: element.clientWidth, height: element.clientHeight };
  const box = pictureBox(room, size, getComputedStyle(element));
  const left = element.offsetLeft + element.clientLeft;
  const top = element.offsetTop + element.clientTop;
  return { ...box, x: box.x + left, y: box.y + top };
}
