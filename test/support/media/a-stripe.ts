import { writeStripe, type StripeHeader } from '../../../gateway/protocol/media/stripe.ts';

/** A stripe of a picture of two rows of 64 lines; bytes that no decoder sees. */
export function aStripe(
  given: Partial<StripeHeader> & { readonly bytes?: number | Uint8Array } = {},
): Buffer {
  const { bytes = 100, ...header } = given;
  const payload = typeof bytes === 'number' ? new Uint8Array(bytes).fill(7) : bytes;
  const codec = header.codec ?? 'jpeg';
  const message = writeStripe(
    {
      isKey: codec === 'jpeg',
      isLast: false,
      isRefined: false,
      frame: 0,
      width: 256,
      height: 128,
      y: 0,
      rows: 64,
      layout: 1,
      codec,
      capturedAtUs: 1_000_000,
      ...header,
    },
    payload,
  );
  return Buffer.from(message.buffer);
}
