import type { Stripe, StripeCodec } from '../../../gateway/protocol/media/stripe.ts';
import type { PictureTicket } from './picture-queue.ts';
import type { RowDecoder, RowImage } from './row-decoder.ts';

/** The decoders of a picture's rows; another layout begins with new ones. */
export class StripeRows {
  readonly #createDecoder: (codec: StripeCodec) => RowDecoder;
  readonly #rows = new Map<number, { readonly codec: StripeCodec; readonly decoder: RowDecoder }>();
  #layout: number | null = null;

  constructor(createDecoder: (codec: StripeCodec) => RowDecoder) {
    this.#createDecoder = createDecoder;
  }

  decode(stripe: Stripe, ticket: PictureTicket<RowImage>): void {
    if (stripe.layout !== this.#layout) this.clear();
    this.#layout = stripe.layout;
    this.#decoderOf(stripe).decode(stripe, ticket);
  }

  /** Every row begins anew with its next key. */
  clear(): void {
    this.#layout = null;
    for (const { decoder } of this.#rows.values()) decoder.close();
    this.#rows.clear();
  }

  #decoderOf({ y, codec }: Stripe): RowDecoder {
    const known = this.#rows.get(y);
    if (known?.codec === codec) return known.decoder;
    known?.decoder.close();
    const decoder = this.#createDecoder(codec);
    this.#rows.set(y, { codec, decoder });
    return decoder;
  }
}
