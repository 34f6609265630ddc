/** A picture that is on the canvas. */
export interface PaintedPicture {
  /** Its number; u32, goes round. */
  readonly frame: number;
  /** When it was captured, microseconds since 1970 by the publisher's clock. */
  readonly capturedAtUs: number;
  /** When it was drawn, on this page's `performance.now()`. */
  readonly atMs: number;
}
