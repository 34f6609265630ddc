import type { Stripe, StripeHeader } from '../../../../gateway/protocol/media/stripe.ts';

/** One row of a 64 x 30 picture of three. */
export function aStripe(given: Partial<Stripe> = {}): Stripe {
  const header: StripeHeader = {
    ...{ isKey: true, isLast: true, isRefined: false, frame: 1, width: 64, height: 30 },
    ...{ y: 0, rows: 10, layout: 1, codec: 'jpeg', capturedAtUs: 1_000_000 },
  };
  return { ...header, payload: new Uint8Array([1]), ...given };
}

/** An image that knows whether it was closed. */
export class FakeImage {
  readonly name: string;
  closed = 0;

  constructor(name = '') {
    this.name = name;
  }

  close(): void {
    this.closed += 1;
  }
}
