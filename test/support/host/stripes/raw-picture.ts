import { I420Layout } from '../../../../host-publisher/stripes/i420.ts';
import type { RawPicture } from '../../../../host-publisher/stripes/stripes.ts';

/** A grey I420 picture, in which rows are painted with a value. */
export class PaintedPicture {
  readonly pixels: Buffer;
  readonly width: number;
  readonly height: number;
  readonly #layout: I420Layout;

  constructor(width: number, height: number) {
    this.width = width;
    this.height = height;
    this.#layout = new I420Layout(width, height);
    this.pixels = Buffer.alloc(this.#layout.bytes, 128);
  }

  /** Paints luma and chroma of rows from `y` on, which is even. */
  paint(y: number, rows: number, value: number): this {
    for (const plane of this.#layout.slices(this.pixels, { y, rows })) plane.fill(value);
    return this;
  }

  info(capturedAtUs = Date.now() * 1000): RawPicture {
    return { width: this.width, height: this.height, colorimetry: 'bt709', capturedAtUs };
  }
}
