import type { CursorShape } from '../../../gateway/protocol/cursor.ts';
import { cursorScale } from '../../core/cursor-place.ts';
import type { Observable } from '../../core/observable.ts';

/** Browsers show no larger cursors. */
const MOST_PIXELS = 128;
/** As it came; a cursor that is a little too large is sharper than one drawn anew. */
const NEAR_ENOUGH = 0.05;

/**
 * Gives an element the host's cursor, so that it follows the pointer without delay, until the
 * returned function is called. `shownWidth`: of the picture now, CSS pixels.
 */
export function wearHostCursor(
  element: HTMLElement,
  shape: Observable<CursorShape | null>,
  shownWidth: () => number,
): () => void {
  let last: CursorShape | null = null;
  const wear = async () => {
    const now = shape.value;
    last = now;
    const css = now === null ? '' : await cursorCss(now, shownWidth());
    if (last === now) element.style.cursor = css;
  };
  const resizes = new ResizeObserver(() => void wear());
  resizes.observe(element);
  const off = shape.subscribe(() => void wear());
  return () => {
    off();
    resizes.disconnect();
    last = null;
    element.style.cursor = '';
  };
}

async function cursorCss(shape: CursorShape, shownWidth: number): Promise<string> {
  const most = MOST_PIXELS / Math.max(shape.width, shape.height);
  const scale = Math.min(most, cursorScale(shape, shownWidth));
  const source = `data:image/png;base64,${shape.png}`;
  const isNear = Math.abs(scale - 1) < NEAR_ENOUGH;
  const url = isNear ? source : await scaled(source, shape, scale);
  const hot = [shape.hotX, shape.hotY].map((at) => Math.round(isNear ? at : at * scale));
  return `url(${url}) ${hot.join(' ')}, default`;
}

async function scaled(source: string, shape: CursorShape, scale: number): Promise<string> {
  const image = new Image();
  image.src = source;
  await image.decode();
  const canvas = document.createElement('canvas');
  canvas.width = Math.max(1, Math.round(shape.width * scale));
  canvas.height = Math.max(1, Math.round(shape.height * scale));
  canvas.getContext('2d')?.drawImage(image, 0, 0, canvas.width, canvas.height);
  return canvas.toDataURL();
}
