import type { I420Frame } from './i420-frame.ts';

/** Blocks in a row: 44 bits of epoch milliseconds, then 20 bits of frame counter. */
export const TIME_CODE_COLUMNS = 64;
const FRAME_MODULUS = 1 << 20;
/** An input's number has 32 bits, in blocks twice as wide. */
const INPUT_COLUMNS = 32;
const BLACK = 16;
const WHITE = 235;
const GREY = 128;

/**
 * Draws when and as which a frame was painted, in black and white blocks along the top edge; the
 * second row is the first one inverted, so that a reader knows a legible code.
 */
export function drawTimeCode(frame: I420Frame, paintedAtMs: number, frameNumber: number): void {
  const code = (BigInt(paintedAtMs) << 20n) | BigInt(frameNumber % FRAME_MODULUS);
  drawCode(frame, 0, code, TIME_CODE_COLUMNS);
}

/** Draws the number of the last input, 32 bits, in the same way below the time code. */
export function drawInputMark(frame: I420Frame, inputId: number): void {
  drawCode(frame, 2, BigInt(inputId), INPUT_COLUMNS);
}

/** `row`: in heights of a time code's block, from the top. */
function drawCode(frame: I420Frame, row: number, code: bigint, columns: number): void {
  const edge = (column: number): number => Math.round((column * frame.width) / columns);
  const height = Math.max(1, Math.round(frame.width / TIME_CODE_COLUMNS));
  const [top, middle, bottom] = [row * height, (row + 1) * height, (row + 2) * height];
  frame.fillChroma(0, top, frame.width, bottom, GREY, GREY);
  for (let column = 0; column < columns; column += 1) {
    const isOne = ((code >> BigInt(columns - 1 - column)) & 1n) === 1n;
    const [left, right] = [edge(column), edge(column + 1)];
    frame.fillLuma(left, top, right, middle, isOne ? WHITE : BLACK);
    frame.fillLuma(left, middle, right, bottom, isOne ? BLACK : WHITE);
  }
}
