import { z } from 'zod';

/** A cursor's picture, sent once per change. PNG in base64; the hotspot counts from its top left. */
export const CursorShape = z.object({
  type: z.literal('cursor/shape'),
  width: z.int().min(1).max(256),
  height: z.int().min(1).max(256),
  hotX: z.int().min(0).max(255),
  hotY: z.int().min(0).max(255),
  /** How wide the picture is in pixels of this shape, so that it is drawn to scale. */
  pictureWidth: z.number().min(1).max(32_768).exactOptional(),
  png: z.base64().max(48 * 1024),
});
export type CursorShape = z.infer<typeof CursorShape>;

/** Where its hotspot is in the picture, 0 to 1 of width and height; `visible` false: nowhere. */
export const CursorPosition = z.object({
  type: z.literal('cursor/position'),
  x: z.number().min(0).max(1),
  y: z.number().min(0).max(1),
  visible: z.boolean(),
});
export type CursorPosition = z.infer<typeof CursorPosition>;
