import type { StripeCodec } from '../../../gateway/protocol/media/stripe.ts';

/** A captured picture; whoever holds it last closes it. */
export type Picture = VideoFrame | ImageBitmap;

/** How pictures are encoded until the next setting. */
export interface EncoderSettings {
  /** Pixels, both even. */
  readonly width: number;
  readonly height: number;
  readonly framesPerSecond: number;
  readonly bitrateBps: number;
  readonly hint: 'detail' | 'motion';
}

/** What is wanted of one picture. */
export interface EncodeOrder {
  /** Microseconds since 1970; grows from picture to picture. */
  readonly capturedAtUs: number;
  /** Every row starts anew. */
  readonly isKey: boolean;
  /** Shows once more, better, what is still. */
  readonly isRefined: boolean;
}

/** Rows of one encoded picture. */
export interface EncodedStripe {
  readonly y: number;
  readonly rows: number;
  readonly isKey: boolean;
  readonly payload: Uint8Array;
}

/** One encoded picture; without stripes when nothing changed. */
export interface EncodedPicture extends EncodeOrder {
  readonly stripes: readonly EncodedStripe[];
  /** Stripes that were as before. */
  readonly unchanged: number;
}

/** How an encoder tells its owner. */
export interface EncoderEvents {
  readonly encoded: (picture: EncodedPicture) => void;
  /** It encodes nothing more. */
  readonly failed: (problem: string) => void;
}

/** Encodes pictures of one size. */
export interface PictureEncoder {
  readonly codec: StripeCodec;
  /** It has as much to do as it should. */
  readonly isBusy: boolean;
  /** The picture stays the caller's. */
  encode(picture: Picture, order: EncodeOrder): void;
  /** Other rates; the size stays. */
  adjust(settings: EncoderSettings): void;
  /** Gives up what is under way. Idempotent. */
  close(): void;
}

/** Pixels of the captured picture. */
export function sizeOf(picture: Picture): { readonly width: number; readonly height: number } {
  return 'displayWidth' in picture
    ? { width: picture.displayWidth, height: picture.displayHeight }
    : { width: picture.width, height: picture.height };
}

/** 36,864 macroblocks, the largest picture of H.264's levels that browsers encode. */
const MOST_PIXELS = 4096 * 2304;

/** Both sides divided by `scale`, or by more where the picture is too large, made even. */
export function encodedSize(
  { width, height }: { readonly width: number; readonly height: number },
  scale: number,
): { readonly width: number; readonly height: number } {
  const divisor = Math.max(scale, Math.sqrt((width * height) / MOST_PIXELS));
  const even = (side: number) => Math.max(2, Math.floor(side / divisor / 2) * 2);
  return { width: even(width), height: even(height) };
}
