import type { Row } from './partition.ts';

interface Plane {
  readonly offset: number;
  readonly stride: number;
  /** Rows of the picture for one of the plane. */
  readonly divisor: 1 | 2;
}

/** Where the pixels of an I420 picture of even size lie, as GStreamer lays them out. */
export class I420Layout {
  readonly bytes: number;
  readonly #planes: readonly Plane[];

  constructor(width: number, height: number) {
    const stride = roundUp4(width);
    const halfStride = roundUp4(width / 2);
    const first = stride * height;
    const second = first + halfStride * (height / 2);
    this.bytes = second + halfStride * (height / 2);
    this.#planes = [
      { offset: 0, stride, divisor: 1 },
      { offset: first, stride: halfStride, divisor: 2 },
      { offset: second, stride: halfStride, divisor: 2 },
    ];
  }

  /** Views of a row's pixels, plane by plane: in this order they are a picture of their own. */
  slices(pixels: Buffer, { y, rows }: Row): readonly Buffer[] {
    return this.#planes.map(({ offset, stride, divisor }) => {
      const from = offset + (y / divisor) * stride;
      return pixels.subarray(from, from + (rows / divisor) * stride);
    });
  }
}

const roundUp4 = (bytes: number): number => Math.ceil(bytes / 4) * 4;
