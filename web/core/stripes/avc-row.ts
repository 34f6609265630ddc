import type { Stripe } from '../../../gateway/protocol/media/stripe.ts';
import { avcCodecOf } from './avc-codec.ts';
import type { PictureTicket } from './picture-queue.ts';
import type { RowDecoder, RowImage, RowTroubles } from './row-decoder.ts';

/** A small picture is decoded sooner by this thread's neighbour than by a device behind a bus. */
const PREFERENCES = ['prefer-software', 'no-preference'] as const;

/** A row of H.264: one decoder with one group of pictures. */
export class AvcRow implements RowDecoder {
  readonly #troubles: RowTroubles;
  readonly #tickets = new Map<number, PictureTicket<RowImage>>();
  #decoder: VideoDecoder | null = null;
  #codec = '';
  #preference = 0;
  #count = 0;

  constructor(troubles: RowTroubles) {
    this.#troubles = troubles;
  }

  decode(stripe: Stripe, ticket: PictureTicket<RowImage>): void {
    if (stripe.isKey) this.#prepare(stripe.payload);
    const decoder = this.#decoder;
    if (decoder === null) {
      ticket(null);
      this.#troubles.onBroken();
      return;
    }
    const timestamp = this.#count++;
    this.#tickets.set(timestamp, ticket);
    const type = stripe.isKey ? 'key' : 'delta';
    try {
      decoder.decode(new EncodedVideoChunk({ type, timestamp, data: stripe.payload }));
    } catch (error) {
      this.#fail(decoder, error);
    }
  }

  close(): void {
    const decoder = this.#decoder;
    this.#decoder = null;
    this.#codec = '';
    if (decoder !== null && decoder.state !== 'closed') decoder.close();
    for (const ticket of [...this.#tickets.values()]) ticket(null);
    this.#tickets.clear();
  }

  #prepare(key: Uint8Array): void {
    const codec = avcCodecOf(key);
    if (codec === null || (this.#decoder !== null && codec === this.#codec)) return;
    this.close();
    if (!('VideoDecoder' in globalThis)) {
      this.#troubles.onUnsupported();
      return;
    }
    const decoder: VideoDecoder = new VideoDecoder({
      output: (frame) => this.#take(frame),
      error: (error) => this.#fail(decoder, error),
    });
    this.#decoder = decoder;
    this.#codec = codec;
    decoder.configure({
      codec,
      optimizeForLatency: true,
      hardwareAcceleration: PREFERENCES[this.#preference] ?? 'no-preference',
    });
  }

  #take(frame: VideoFrame): void {
    for (const [timestamp, ticket] of [...this.#tickets]) {
      if (timestamp > frame.timestamp) break;
      this.#tickets.delete(timestamp);
      if (timestamp === frame.timestamp) {
        ticket(frame);
        return;
      }
      // What brought no frame before this one brings none.
      ticket(null);
    }
    frame.close();
  }

  #fail(decoder: VideoDecoder, error: unknown): void {
    if (this.#decoder !== decoder) return;
    this.close();
    const isUnsupported = error instanceof DOMException && error.name === 'NotSupportedError';
    if (isUnsupported) this.#preference += 1;
    if (this.#preference < PREFERENCES.length) this.#troubles.onBroken();
    else this.#troubles.onUnsupported();
  }
}
