import type { Stripe } from '../../../gateway/protocol/media/stripe.ts';
import type { PictureTicket } from './picture-queue.ts';
import type { RowDecoder, RowImage, RowTroubles } from './row-decoder.ts';

interface Job {
  readonly payload: Uint8Array;
  readonly ticket: PictureTicket<RowImage>;
}

/** A row of JPEGs: one is being decoded, and of those that wait only the newest counts. */
export class JpegRow implements RowDecoder {
  readonly #decodeJpeg: (payload: Uint8Array) => Promise<RowImage>;
  readonly #troubles: RowTroubles;
  #isBusy = false;
  #next: Job | null = null;
  #under: Job | null = null;
  #closings = 0;

  constructor(
    troubles: RowTroubles,
    decode: (payload: Uint8Array) => Promise<RowImage> = decodeJpeg,
  ) {
    this.#troubles = troubles;
    this.#decodeJpeg = decode;
  }

  decode({ payload }: Stripe, ticket: PictureTicket<RowImage>): void {
    this.#next?.ticket(null);
    this.#next = { payload, ticket };
    if (!this.#isBusy) void this.#work();
  }

  close(): void {
    this.#closings += 1;
    this.#next?.ticket(null);
    this.#next = null;
    this.#under?.ticket(null);
    this.#under = null;
  }

  async #work(): Promise<void> {
    this.#isBusy = true;
    for (;;) {
      const job = this.#next;
      if (job === null) break;
      this.#next = null;
      this.#under = job;
      const closings = this.#closings;
      const image = await this.#decodeJpeg(job.payload).catch(() => null);
      this.#under = null;
      job.ticket(image);
      if (image === null && closings === this.#closings) this.#troubles.onBroken();
    }
    this.#isBusy = false;
  }
}

/** By `ImageDecoder`, which takes bytes and decodes beside this thread; it needs a secure context. */
async function decodeJpeg(payload: Uint8Array): Promise<RowImage> {
  // What came from the network is no SharedArrayBuffer.
  const data = payload as Uint8Array<ArrayBuffer>;
  if (!('ImageDecoder' in globalThis)) {
    return await createImageBitmap(new Blob([data], { type: 'image/jpeg' }));
  }
  const decoder = new ImageDecoder({ data, type: 'image/jpeg' });
  try {
    return (await decoder.decode()).image;
  } finally {
    decoder.close();
  }
}
