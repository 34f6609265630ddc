import { readStripe, type Stripe } from '../../../../gateway/protocol/media/stripe.ts';
import { PixelLayout } from '../../../../host-publisher/stripes/pixel-layout.ts';

/** Follows the stripes of {@link PlainRows} as a viewer does; throws for what none could decode. */
export class PlainDecoder {
  readonly stripes: Stripe[] = [];
  /** Numbers of complete pictures. */
  readonly pictures: number[] = [];
  pixels = Buffer.alloc(0);
  #layout: number | null = null;
  #open: number | null = null;
  #sizes = '';
  readonly #rows = new Map<number, { readonly number: number; readonly rows: number }>();

  take(message: Uint8Array): void {
    const stripe = readStripe(message);
    if (typeof stripe === 'string') throw new Error(stripe);
    this.stripes.push(stripe);
    if (stripe.layout !== this.#layout) this.#begin(stripe);
    const sizes = `${stripe.width}x${stripe.height} ${stripe.codec}`;
    if (sizes !== this.#sizes) throw new Error('another size in the same layout');
    this.#frame(stripe);
    this.#row(stripe);
  }

  #begin({ layout, width, height, codec }: Stripe): void {
    this.#layout = layout;
    this.#open = null;
    this.#sizes = `${width}x${height} ${codec}`;
    this.#rows.clear();
    this.pixels = Buffer.alloc(new PixelLayout('I420', width, height).bytes);
  }

  #frame({ frame, isLast }: Stripe): void {
    const newest = this.pictures.at(-1);
    if (this.#open !== null && this.#open !== frame) throw new Error('a picture has no end');
    if (newest === frame) throw new Error('a picture goes on after its end');
    this.#open = isLast ? null : frame;
    if (isLast) this.pictures.push(frame);
  }

  #row({ y, rows, width, height, isKey, payload }: Stripe): void {
    const bytes = Buffer.from(payload);
    const number = bytes.readUInt32BE();
    const former = this.#rows.get(y);
    if (former !== undefined && former.rows !== rows) throw new Error('a row has another height');
    if (!isKey && former?.number !== number - 1) throw new Error('a row without what it needs');
    this.#rows.set(y, { number, rows });
    let offset = 4;
    for (const plane of new PixelLayout('I420', width, height).slices(this.pixels, { y, rows })) {
      offset += bytes.copy(plane, 0, offset, offset + plane.length);
    }
  }
}
