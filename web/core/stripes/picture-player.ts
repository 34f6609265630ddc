import type { Stripe, StripeCodec } from '../../../gateway/protocol/media/stripe.ts';
import type { Size } from '../picture-box.ts';
import { AvcRow } from './avc-row.ts';
import { CanvasPainter } from './canvas-painter.ts';
import type { PaintableCanvas } from './engine-messages.ts';
import { JpegRow } from './jpeg-row.ts';
import { PictureQueue } from './picture-queue.ts';
import type { PaintablePicture } from './picture-queue.ts';
import type { RowDecoder, RowImage, RowTroubles } from './row-decoder.ts';
import { StripeRows } from './stripe-rows.ts';

/** Whom a picture player tells. */
export interface PicturePlayerEvents {
  readonly onPainted: (picture: PaintablePicture<RowImage>) => void;
  /** So many pictures were given up; `frame` is the newest of them. */
  readonly onDropped: (pictures: number, frame: number) => void;
  /** A row, or all of them, must begin anew. */
  readonly onBroken: () => void;
  /** This browser cannot decode what comes. */
  readonly onUnsupported: () => void;
}

/** A decoder that keeps a picture for so long has lost it. */
const DECODE_MS = 2_000;
/** More than any path holds: this thread stood still, or the sender does not wait for receipts. */
const MOST_PICTURES = 48;

/** Stripes to pictures on a canvas. */
export class PicturePlayer {
  readonly #events: PicturePlayerEvents;
  readonly #now: () => number;
  readonly #queue: PictureQueue<RowImage>;
  readonly #painter: CanvasPainter;
  readonly #rows: StripeRows;
  #decodeTimer: ReturnType<typeof setTimeout> | undefined;

  /** `now`: milliseconds since 1970. */
  constructor(canvas: PaintableCanvas, events: PicturePlayerEvents, now: () => number) {
    this.#events = events;
    this.#now = now;
    this.#queue = new PictureQueue((picture) => this.#paint(picture));
    this.#painter = new CanvasPainter(canvas, () => events.onBroken());
    this.#rows = new StripeRows((codec) => newRow(codec, events));
  }

  /** Pixels of the picture, once it is whole on the canvas. */
  get size(): Size | null {
    return this.#painter.size;
  }

  play(stripe: Stripe): void {
    if (this.#queue.length >= MOST_PICTURES) this.#giveUp();
    this.#rows.decode(stripe, this.#queue.add(stripe, this.#now()));
    this.#decodeTimer ??= setTimeout(() => this.#checkDecoders(), DECODE_MS);
  }

  /** Forgets what is under way; what was painted stays. */
  forget(): void {
    clearTimeout(this.#decodeTimer);
    this.#decodeTimer = undefined;
    this.#queue.clear();
    this.#rows.clear();
    this.#painter.forget();
  }

  float(writable: WritableStream<VideoFrame> | null): void {
    this.#painter.float(writable);
  }

  #paint(picture: PaintablePicture<RowImage>): void {
    this.#painter.paint(picture);
    this.#events.onPainted(picture);
  }

  #checkDecoders(): void {
    this.#decodeTimer = undefined;
    const { oldestAtMs } = this.#queue;
    if (oldestAtMs === null) return;
    const restMs = oldestAtMs + DECODE_MS - this.#now();
    if (restMs <= 0) this.#giveUp();
    else this.#decodeTimer = setTimeout(() => this.#checkDecoders(), restMs);
  }

  #giveUp(): void {
    const pictures = this.#queue.length;
    const newest = this.#queue.clear();
    this.#rows.clear();
    if (newest === null) return;
    this.#events.onDropped(pictures, newest);
    this.#events.onBroken();
  }
}

function newRow(codec: StripeCodec, troubles: RowTroubles): RowDecoder {
  return codec === 'jpeg' ? new JpegRow(troubles) : new AvcRow(troubles);
}
