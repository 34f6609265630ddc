import type { Content, EncodedPicture, Fixed, PictureSize } from '../../gateway/protocol/host.ts';

/** One size and frame rate, with the bitrate below which it is no longer worth having. */
export interface Rung extends PictureSize {
  readonly fps: number;
  readonly needKbps: number;
}

interface Shares {
  /** Of width and height. */
  readonly scale: number;
  readonly frames: number;
}

const share = (scale: number, frames: number): Shares => ({ scale, frames });

/** What is given away, in this order. */
const ORDERS: Readonly<Record<Content, readonly Shares[]>> = {
  text: [
    share(1, 1),
    share(1, 2 / 3),
    share(1, 1 / 2),
    share(1, 1 / 3),
    share(1, 1 / 4),
    share(1, 1 / 6),
    share(3 / 4, 1 / 6),
    share(1 / 2, 1 / 6),
  ],
  motion: [
    share(1, 1),
    share(3 / 4, 1),
    share(1 / 2, 1),
    share(3 / 8, 1),
    share(3 / 8, 2 / 3),
    share(3 / 8, 1 / 2),
    share(1 / 4, 1 / 2),
  ],
};

const LEAST_FPS = 5;
const LEAST_SIDE = 64;
/** Bits per pixel below which x264's fastest preset turns to blocks. */
const LEAST_BITS_PER_PIXEL = 0.038;
/** The operator's maximum is enough for the whole picture, however low it is. */
const ENOUGH_SHARE = 0.6;
/** Bits grow slower than what they describe: neighbours in space and time are alike. */
const AREA_EXPONENT = 0.75;
const FRAMES_EXPONENT = 0.5;

/** The steps between the whole picture and the least, best first; never empty. `bits`: as of the goal. */
export function makeLadder(
  most: EncodedPicture,
  content: Content,
  fixed: Pick<Fixed, 'fps' | 'size'>,
  bits = 1,
): readonly Rung[] {
  const rungs: Rung[] = [];
  for (const { scale, frames } of ORDERS[content]) {
    const size = fixed.size ?? scaled(most, scale);
    const fps = fixed.fps ?? Math.max(Math.min(LEAST_FPS, most.fps), Math.round(most.fps * frames));
    const isTooSmall = Math.min(size.width, size.height) < LEAST_SIDE && fixed.size === null;
    const former = rungs.at(-1);
    const isNew = former === undefined || former.fps !== fps || former.width !== size.width;
    if (former === undefined || (isNew && !isTooSmall)) {
      rungs.push({ ...size, fps, needKbps: needOf(most, size, fps, bits) });
    }
  }
  return rungs;
}

function scaled({ width, height }: PictureSize, scale: number): PictureSize {
  if (scale === 1) return { width, height };
  const scaledWidth = toEven(width * scale);
  return { width: scaledWidth, height: toEven((scaledWidth * height) / width) };
}

const toEven = (value: number): number => 2 * Math.round(value / 2);

function needOf(most: EncodedPicture, size: PictureSize, fps: number, bits: number): number {
  const pixels = most.width * most.height;
  const whole = Math.min(
    (LEAST_BITS_PER_PIXEL * bits * pixels * most.fps) / 1_000,
    ENOUGH_SHARE * most.bitrateKbps,
  );
  const areaShare = (size.width * size.height) / pixels;
  return whole * areaShare ** AREA_EXPONENT * (fps / most.fps) ** FRAMES_EXPONENT;
}
