import type { Stripe } from '../../../gateway/protocol/media/stripe.ts';
import type { PictureTicket } from './picture-queue.ts';

/** What can be painted and must be closed. */
export type RowImage = VideoFrame | ImageBitmap;

/** Decodes the stripes of one row, in their order. */
export interface RowDecoder {
  /** Calls the ticket once: with an image, or null when none comes of this stripe. */
  decode(stripe: Stripe, ticket: PictureTicket<RowImage>): void;
  /** Calls all tickets that are left, with null. */
  close(): void;
}

/** What went wrong in a row. */
export interface RowTroubles {
  /** Nothing comes until the row's next key. */
  readonly onBroken: () => void;
  /** This browser has no decoder for it. */
  readonly onUnsupported: () => void;
}
