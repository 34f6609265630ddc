import { findChangedRows, partition } from './picture-rows.ts';
import type { PictureRow } from './picture-rows.ts';
import type {
  EncodeOrder,
  EncodedStripe,
  EncoderEvents,
  EncoderSettings,
  Picture,
  PictureEncoder,
} from './picture-encoder.ts';

const FIRST_QUALITY = 0.75;
const LEAST_QUALITY = 0.3;
const BEST_QUALITY = 0.85;
const REFINED_QUALITY = 0.92;

/** Rows of a picture as JPEG, only those that changed; for browsers without an H.264 encoder. */
export class JpegEncoder implements PictureEncoder {
  readonly codec = 'jpeg';
  readonly #events: EncoderEvents;
  readonly #rows: readonly PictureRow[];
  readonly #whole: OffscreenCanvasRenderingContext2D;
  #settings: EncoderSettings;
  #sent: Uint32Array | null = null;
  /** Rows by their y that can be shown better. */
  readonly #rough = new Set<number>();
  #quality = FIRST_QUALITY;
  #state: 'idle' | 'busy' | 'closed' = 'idle';

  /** @throws Error where there is no OffscreenCanvas */
  constructor(settings: EncoderSettings, events: EncoderEvents) {
    this.#settings = settings;
    this.#events = events;
    this.#rows = partition(settings.height);
    this.#whole = contextOf(settings.width, settings.height);
  }

  get isBusy(): boolean {
    return this.#state !== 'idle';
  }

  encode(picture: Picture, order: EncodeOrder): void {
    if (this.#state !== 'idle') return;
    this.#state = 'busy';
    const { width, height } = this.#settings;
    this.#whole.drawImage(picture, 0, 0, width, height);
    this.#encode(order).catch((cause: unknown) => {
      if (this.#state !== 'closed') this.#events.failed(String(cause));
    });
  }

  adjust(settings: EncoderSettings): void {
    this.#settings = settings;
  }

  close(): void {
    this.#state = 'closed';
    this.#sent = null;
  }

  async #encode(order: EncodeOrder): Promise<void> {
    const { width, height } = this.#settings;
    const { data } = this.#whole.getImageData(0, 0, width, height);
    const pixels = new Uint32Array(data.buffer);
    const changed = this.#choose(order, pixels);
    this.#sent = pixels;
    const quality = order.isRefined ? REFINED_QUALITY : this.#quality;
    const stripes = await Promise.all(
      changed.map((row) => this.#encodeRow(row, { data, width, quality })),
    );
    if (this.#isClosed()) return;
    this.#state = 'idle';
    if (!order.isRefined) this.#fit(stripes);
    this.#events.encoded({
      ...order,
      stripes,
      unchanged: this.#rows.length - changed.length,
    });
  }

  #choose({ isKey, isRefined }: EncodeOrder, pixels: Uint32Array): readonly PictureRow[] {
    if (isRefined) {
      const rough = this.#rows.filter(({ y }) => this.#rough.delete(y));
      if (!isKey) return rough;
    }
    const sent = isKey ? null : this.#sent;
    const changed = findChangedRows(this.#rows, pixels, sent, this.#settings.width);
    if (!isRefined) for (const { y } of changed) this.#rough.add(y);
    return changed;
  }

  async #encodeRow(
    { y, rows }: PictureRow,
    from: { data: Uint8ClampedArray<ArrayBuffer>; width: number; quality: number },
  ): Promise<EncodedStripe> {
    const { data, width, quality } = from;
    const context = contextOf(width, rows);
    const part = data.subarray(y * width * 4, (y + rows) * width * 4);
    context.putImageData(new ImageData(part, width, rows), 0, 0);
    const blob = await context.canvas.convertToBlob({ type: 'image/jpeg', quality });
    return { y, rows, isKey: true, payload: new Uint8Array(await blob.arrayBuffer()) };
  }

  /** Towards what a picture may have of the bitrate; down faster than up. */
  #fit(stripes: readonly EncodedStripe[]): void {
    const { bitrateBps, framesPerSecond } = this.#settings;
    const bits = stripes.reduce((sum, { payload }) => sum + payload.byteLength * 8, 0);
    const share = (bits * framesPerSecond) / bitrateBps;
    if (share > 1.2) this.#quality = Math.max(LEAST_QUALITY, this.#quality - 0.05);
    else if (share < 0.7) this.#quality = Math.min(BEST_QUALITY, this.#quality + 0.02);
  }

  #isClosed(): boolean {
    return this.#state === 'closed';
  }
}

function contextOf(width: number, height: number): OffscreenCanvasRenderingContext2D {
  const context = new OffscreenCanvas(width, height).getContext('2d', {
    alpha: false,
    willReadFrequently: true,
  });
  if (context === null) throw new Error('There is no canvas for JPEG.');
  return context;
}
