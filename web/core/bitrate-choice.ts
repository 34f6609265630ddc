/** What is about to be encoded. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  readonly framesPerSecond: number;
  readonly hint: 'detail' | 'motion';
}

const LEAST_BPS = 800_000;
const MOST_BPS = 12_000_000;
/** H.264 bits per pixel: text is mostly still and compresses well, film does not. */
export const videoBitsPerPixel = { detail: 0.06, motion: 0.09 };

/** The bitrate ceiling that suits a picture when the person chose "automatic". */
export function automaticBitrateBps({ width, height, framesPerSecond, hint }: Picture): number {
  const bps = width * height * framesPerSecond * videoBitsPerPixel[hint];
  return Math.round(Math.min(MOST_BPS, Math.max(LEAST_BPS, bps)));
}
