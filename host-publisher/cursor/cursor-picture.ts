import { PNG } from 'pngjs';
import type { CursorShape } from '../../gateway/protocol/cursor.ts';
import type { CursorImage } from 'x11';

const MOST_PIXELS = 256;
const MOST_BASE64 = 48 * 1024;

/** An X11 cursor as its message; null: one without a visible pixel, or larger than may be sent. */
export function drawCursor(image: CursorImage, pictureWidth: number): CursorShape | null {
  const { width, height, xhot, yhot, cursorImage } = image;
  if (width < 1 || height < 1 || width > MOST_PIXELS || height > MOST_PIXELS) return null;
  const png = new PNG({ width, height });
  let isVisible = false;
  for (let at = 0; at < width * height * 4; at += 4) {
    const alpha = cursorImage[at + 3] ?? 0;
    isVisible ||= alpha > 0;
    const straight = (value = 0): number =>
      alpha === 0 ? 0 : Math.min(255, Math.round((value * 255) / alpha));
    png.data[at] = straight(cursorImage[at + 2]);
    png.data[at + 1] = straight(cursorImage[at + 1]);
    png.data[at + 2] = straight(cursorImage[at]);
    png.data[at + 3] = alpha;
  }
  const text = PNG.sync.write(png).toString('base64');
  if (!isVisible || text.length > MOST_BASE64) return null;
  return {
    type: 'cursor/shape',
    width,
    height,
    hotX: Math.min(xhot, width - 1),
    hotY: Math.min(yhot, height - 1),
    pictureWidth,
    png: text,
  };
}
