import { LIMITS } from '../limits/limits.ts';
import type { Stripe } from '../protocol/media/stripe.ts';
import type { Layout } from './layout.ts';
import { parcelOf, type Parcel } from './outlet.ts';
import { RowSet } from './row-set.ts';

/** A stripe as it came, and which row of its layout it is. */
export interface FeedStripe {
  readonly row: number;
  readonly stripe: Stripe;
  readonly message: Uint8Array;
}

/** The picture that a publisher is sending. */
export class Picture {
  readonly frame: number;
  readonly layout: Layout;
  readonly rows = new RowSet();
  readonly stripes: FeedStripe[] = [];
  readonly parcels: Parcel[] = [];
  #bytes = 0;
  #parcelled = 0;

  constructor(frame: number, layout: Layout) {
    this.frame = frame;
    this.layout = layout;
  }

  /** Whether the stripe that says so was the last one. */
  get isMarked(): boolean {
    return this.stripes.at(-1)?.stripe.isLast === true;
  }

  /** A sentence when there is no place for it. */
  add(stripe: FeedStripe): string | undefined {
    if (this.rows.has(stripe.row)) return 'A row comes twice in a picture.';
    this.#bytes += stripe.message.byteLength;
    if (this.#bytes > LIMITS.mediaPictureBytes) return 'A picture is too large.';
    this.rows.add(stripe.row);
    this.stripes.push(stripe);
    return undefined;
  }

  /** What came since the last call; undefined when that is nothing. */
  nextParcel(): Parcel | undefined {
    const stripes = this.stripes.slice(this.#parcelled);
    if (stripes.length === 0) return undefined;
    this.#parcelled = this.stripes.length;
    const parcel = parcelOf(stripes.map(({ message }) => message));
    this.parcels.push(parcel);
    return parcel;
  }
}
