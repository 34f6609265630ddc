import { MAX_STRIPES } from '../protocol/media/media-protocol.ts';
import type { StripeCodec, StripeHeader } from '../protocol/media/stripe.ts';
import { RowSet } from './row-set.ts';

/** How the pictures of a publisher are cut into rows, as far as it has shown. */
export class Layout {
  readonly number: number;
  readonly codec: StripeCodec;
  readonly #width: number;
  readonly #height: number;
  /** By their first line of pixels. */
  readonly #rows = new Map<number, { readonly row: number; readonly height: number }>();
  readonly rows = new RowSet();

  constructor({ layout, codec, width, height }: StripeHeader) {
    this.number = layout;
    this.codec = codec;
    this.#width = width;
    this.#height = height;
  }

  /** Which row a stripe is of, from 0 on; a sentence when it does not fit. */
  rowOf({ codec, width, height, y, rows, isKey }: StripeHeader): number | string {
    if (codec !== this.codec || width !== this.#width || height !== this.#height) {
      return 'A stripe is of another codec or size than its layout.';
    }
    const known = this.#rows.get(y);
    if (known !== undefined) {
      return known.height === rows ? known.row : 'A row has another height than before.';
    }
    if (!isKey) return 'A row begins without a key.';
    if (this.#rows.size === MAX_STRIPES) return `A picture has more than ${MAX_STRIPES} rows.`;
    const row = this.#rows.size;
    this.#rows.set(y, { row, height: rows });
    this.rows.add(row);
    return row;
  }
}
