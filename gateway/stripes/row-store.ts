import { LIMITS } from '../limits/limits.ts';
import type { Stripe } from '../protocol/media/stripe.ts';

/** The newest stripe of each row of a JPEG layout, as far as they have room. */
export class RowStore {
  readonly #stripes: (Stripe | undefined)[] = [];
  #bytes = 0;

  get bytes(): number {
    return this.#bytes;
  }

  /** Keeps a copy: what came is part of a larger buffer. */
  set(row: number, stripe: Stripe): void {
    this.#bytes -= this.#stripes[row]?.payload.byteLength ?? 0;
    const { byteLength } = stripe.payload;
    const fits = this.#bytes + byteLength <= LIMITS.mediaRowStoreBytes;
    this.#stripes[row] = fits ? { ...stripe, payload: copyOf(stripe.payload) } : undefined;
    if (fits) this.#bytes += byteLength;
  }

  get(row: number): Stripe | undefined {
    return this.#stripes[row];
  }

  clear(): void {
    this.#stripes.length = 0;
    this.#bytes = 0;
  }
}

function copyOf(bytes: Uint8Array): Uint8Array {
  const copy = new Uint8Array(bytes.byteLength);
  copy.set(bytes);
  return copy;
}
