import type { Size } from '../../cursor/picture-place.ts';

/** A part of a screen, in its pixels. */
export interface Area extends Size {
  readonly x: number;
  readonly y: number;
}

interface Point {
  readonly x: number;
  readonly y: number;
}

/** A share that was a whole pixel may have become a hair less. */
const HAIR = 1e-6;

/**
 * The pixel of a screen that is at this place of a picture, which shows the area whole, with
 * borders (0 to 1); in the borders, the nearest of the area.
 */
export function pixelAt(place: Point, area: Area, picture: Size): Point {
  const scale = Math.min(picture.width / area.width, picture.height / area.height);
  const along = (at: number, length: number, whole: number): number => {
    const shown = (length * scale) / whole;
    const share = (at - (1 - shown) / 2) / shown;
    return Math.min(length - 1, Math.max(0, Math.floor(share * length + HAIR)));
  };
  return {
    x: area.x + along(place.x, area.width, picture.width),
    y: area.y + along(place.y, area.height, picture.height),
  };
}
