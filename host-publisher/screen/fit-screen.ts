import type { PictureSize } from '../../gateway/protocol/host.ts';
import type { Viewport } from '../../gateway/protocol/screen.ts';

/** Below this no program can be used. */
const LEAST: PictureSize = { width: 320, height: 240 };
const SCALES = { least: 0.5, most: 4 };

/** A screen as somebody wants it: its pixels, and how large what it shows is (1: 96 dpi). */
export interface ScreenWish {
  readonly size: PictureSize;
  readonly scale: number;
}

/** The screen that fills a viewport pixel by pixel; one of its shape where that is too large. */
export function fitScreen(
  { width, height, scale }: NonNullable<Viewport['size']>,
  display: PictureSize,
): ScreenWish {
  const largest = evenBelow(display);
  const shrink = Math.min(1, largest.width / (width * scale), largest.height / (height * scale));
  const side = (length: number, least: number, most: number): number =>
    Math.min(toEven(Math.max(length * scale * shrink, least)), most);
  return {
    size: {
      width: side(width, LEAST.width, largest.width),
      height: side(height, LEAST.height, largest.height),
    },
    // A picture that is enlarged by the viewer has its letters as large as they were wanted at least.
    scale: clamp(Math.max(scale * shrink, Math.min(1, scale))),
  };
}

/** The largest even size within one. */
export const evenBelow = ({ width, height }: PictureSize): PictureSize => ({
  width: 2 * Math.floor(width / 2),
  height: 2 * Math.floor(height / 2),
});

const clamp = (scale: number): number =>
  Math.min(SCALES.most, Math.max(SCALES.least, Math.round(scale * 100) / 100));
const toEven = (length: number): number => 2 * Math.round(length / 2);

export const isSameSize = (one: PictureSize, other: PictureSize): boolean =>
  one.width === other.width && one.height === other.height;
