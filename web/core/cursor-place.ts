import type { CursorPosition, CursorShape } from '../../gateway/protocol/cursor.ts';
import type { Box } from './picture-box.ts';

/** Smaller than this no cursor is found on a phone, in CSS pixels. */
const LEAST_HEIGHT = 16;

/**
 * Where a cursor is drawn over its picture: as large as in the picture, where the shape tells how
 * large that is, but not too small to see.
 */
export function cursorBox(shape: CursorShape, position: CursorPosition, picture: Box): Box {
  const inPicture = shape.pictureWidth === undefined ? 1 : picture.width / shape.pictureWidth;
  const scale = Math.max(inPicture, Math.min(1, LEAST_HEIGHT / shape.height));
  return {
    x: picture.x + position.x * picture.width - shape.hotX * scale,
    y: picture.y + position.y * picture.height - shape.hotY * scale,
    width: shape.width * scale,
    height: shape.height * scale,
  };
}
