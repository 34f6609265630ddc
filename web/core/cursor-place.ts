import type { CursorPosition, CursorShape } from '../../gateway/protocol/cursor.ts';
import type { Box } from './picture-box.ts';

/** Smaller than this no cursor is found on a phone, in CSS pixels. */
const LEAST_HEIGHT = 16;

/**
 * Where a cursor is drawn over its picture: as large as in the picture, where the shape tells how
 * large that is, but not too small to see.
 */
export function cursorBox(shape: CursorShape, position: CursorPosition, picture: Box): Box {
  const scale = cursorScale(shape, picture.width);
  return {
    x: picture.x + position.x * picture.width - shape.hotX * scale,
    y: picture.y + position.y * picture.height - shape.hotY * scale,
    width: shape.width * scale,
    height: shape.height * scale,
  };
}

/** How many CSS pixels a pixel of a cursor is, over a picture that is so wide. */
export function cursorScale(
  { pictureWidth, height }: Pick<CursorShape, 'pictureWidth' | 'height'>,
  shownWidth: number,
): number {
  const inPicture = pictureWidth === undefined ? 1 : shownWidth / pictureWidth;
  return Math.max(inPicture, Math.min(1, LEAST_HEIGHT / height));
}
