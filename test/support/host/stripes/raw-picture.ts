import { PixelLayout } from '../../../../host-publisher/stripes/pixel-layout.ts';
import type { RawPicture } from '../../../../host-publisher/stripes/stripes.ts';

/** A grey I420 picture, in which rows are painted with a value. */
export class PaintedPicture {
  readonly pixels: Buffer;
  readonly width: number;
  readonly height: number;
  readonly #layout: PixelLayout;

  constructor(width: number, height: number) {
    this.width = width;
    this.height = height;
    this.#layout = new PixelLayout('I420', width, height);
    this.pixels = Buffer.alloc(this.#layout.bytes, 128);
  }

  /** Paints luma and chroma of rows from `y` on, which is even. */
  paint(y: number, rows: number, value: number): this {
    for (const plane of this.#layout.slices(this.pixels, { y, rows })) plane.fill(value);
    return this;
  }

  info(capturedAtUs = Date.now() * 1000): RawPicture {
    return {
      format: 'I420',
      width: this.width,
      height: this.height,
      colorimetry: 'bt709',
      capturedAtUs,
    };
  }
}
