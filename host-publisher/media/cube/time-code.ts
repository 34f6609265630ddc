import type { I420Frame } from './i420-frame.ts';

/** Blocks in a row: 44 bits of epoch milliseconds, then 20 bits of frame counter. */
export const TIME_CODE_COLUMNS = 64;
const FRAME_MODULUS = 1 << 20;
const BLACK = 16;
const WHITE = 235;
const GREY = 128;

/**
 * Draws when and as which a frame was painted, in black and white blocks along the top edge; the
 * second row is the first one inverted, so that a reader knows a legible code.
 */
export function drawTimeCode(frame: I420Frame, paintedAtMs: number, frameNumber: number): void {
  const code = (BigInt(paintedAtMs) << 20n) | BigInt(frameNumber % FRAME_MODULUS);
  const edge = (column: number): number => Math.round((column * frame.width) / TIME_CODE_COLUMNS);
  const rowHeight = Math.max(1, Math.round(frame.width / TIME_CODE_COLUMNS));
  const height = Math.min(frame.height, 2 * rowHeight);
  frame.fillChroma(0, 0, frame.width, height, GREY, GREY);
  for (let column = 0; column < TIME_CODE_COLUMNS; column += 1) {
    const isOne = ((code >> BigInt(TIME_CODE_COLUMNS - 1 - column)) & 1n) === 1n;
    const [left, right] = [edge(column), edge(column + 1)];
    frame.fillLuma(left, 0, right, rowHeight, isOne ? WHITE : BLACK);
    frame.fillLuma(left, rowHeight, right, height, isOne ? BLACK : WHITE);
  }
}
