import { sticksOf, type CubeHeld, type CubeState } from './cube-state.ts';
import type { I420Frame } from './i420-frame.ts';

/** Blocks in a row: 44 bits of epoch milliseconds, then 20 bits of frame counter. */
export const TIME_CODE_COLUMNS = 64;
const FRAME_MODULUS = 1 << 20;
/** Other numbers have 32 bits, in blocks twice as wide. */
const NUMBER_COLUMNS = 32;
/** Rows of blocks from the top, and from the bottom where negative. */
const ROWS = { time: 0, mark: 2, held: -4, lastKey: -2 } as const;
const BLACK = 16;
const WHITE = 235;
const GREY = 128;

/**
 * Draws when and as which a frame was painted, in black and white blocks along the top edge; the
 * second row is the first one inverted, so that a reader knows a legible code.
 */
export function drawTimeCode(frame: I420Frame, paintedAtMs: number, frameNumber: number): void {
  const code = (BigInt(paintedAtMs) << 20n) | BigInt(frameNumber % FRAME_MODULUS);
  drawCode(frame, ROWS.time, code, TIME_CODE_COLUMNS);
}

/** Draws the number of the last input, 32 bits, in the same way below the time code. */
export function drawInputMark(frame: I420Frame, inputId: number): void {
  drawCode(frame, ROWS.mark, BigInt(inputId), NUMBER_COLUMNS);
}

/**
 * Draws what is held down, in the same way along the bottom edge: from the left 5 bits of buttons
 * (button 4 first), how many touches (4 bits) and keys (6 bits) are down, 17 bits of gamepad
 * buttons. Below it whether a stick is off its middle (1 bit), and the keysym of the last key.
 */
export function drawHeld(frame: I420Frame, { held, lastKey }: CubeState): void {
  const { buttons, touches, keys } = held;
  const down = pack([
    [buttons, 5],
    [touches.size, 4],
    [keys.size, 6],
    [padButtonsOf(held), 17],
  ]);
  drawCode(frame, ROWS.held, down, NUMBER_COLUMNS);
  const isOff = sticksOf(held).some((stick) => stick !== 0);
  const last = pack([
    [isOff ? 1 : 0, 1],
    [lastKey, 31],
  ]);
  drawCode(frame, ROWS.lastKey, last, NUMBER_COLUMNS);
}

function padButtonsOf({ pads }: CubeHeld): number {
  return [...pads.values()].reduce((all, { buttons }) => all | buttons, 0);
}

function pack(fields: readonly (readonly [value: number, bits: number])[]): bigint {
  return fields.reduce((code, [value, bits]) => {
    const most = 2 ** bits - 1;
    return (code << BigInt(bits)) | BigInt(Math.min(value, most));
  }, 0n);
}

function drawCode(frame: I420Frame, row: number, code: bigint, columns: number): void {
  const edge = (column: number): number => Math.round((column * frame.width) / columns);
  const height = Math.max(1, Math.round(frame.width / TIME_CODE_COLUMNS));
  const top = row < 0 ? frame.height + row * height : row * height;
  const [middle, bottom] = [top + height, top + 2 * height];
  frame.fillChroma(0, top, frame.width, bottom, GREY, GREY);
  for (let column = 0; column < columns; column += 1) {
    const isOne = ((code >> BigInt(columns - 1 - column)) & 1n) === 1n;
    const [left, right] = [edge(column), edge(column + 1)];
    frame.fillLuma(left, top, right, middle, isOne ? WHITE : BLACK);
    frame.fillLuma(left, middle, right, bottom, isOne ? BLACK : WHITE);
  }
}
