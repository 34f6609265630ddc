import { STRIPE_HEADER_BYTES, writeStripeHeader, type Stripe } from '../protocol/media/stripe.ts';
import type { MessageParts } from './outlet.ts';

/** One picture of stripes of several: all under one number, the last one marked. Contents are shared. */
export function composePicture(frame: number, stripes: readonly Stripe[]): MessageParts[] {
  return stripes.map((stripe, index) => {
    const header = new Uint8Array(STRIPE_HEADER_BYTES);
    writeStripeHeader(header, { ...stripe, frame, isLast: index === stripes.length - 1 });
    return [header, stripe.payload];
  });
}
