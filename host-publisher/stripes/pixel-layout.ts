import type { Row } from './partition.ts';

/** How the pixels of a raw picture lie in memory, by GStreamer's names. */
export type PixelFormat = 'I420' | 'BGRx';

interface Plane {
  readonly offset: number;
  readonly stride: number;
  /** Rows of the picture for one of the plane. */
  readonly divisor: 1 | 2;
}

/** Where the pixels of a picture of even size lie, as GStreamer lays them out. */
export class PixelLayout {
  readonly bytes: number;
  readonly #planes: readonly Plane[];

  constructor(format: PixelFormat, width: number, height: number) {
    this.#planes = format === 'I420' ? planesOfI420(width, height) : planesOfBgrx(width);
    this.bytes = this.#planes.reduce(
      (sum, { stride, divisor }) => sum + stride * (height / divisor),
      0,
    );
  }

  /** Views of a row's pixels, plane by plane: in this order they are a picture of their own. */
  slices(pixels: Buffer, { y, rows }: Row): readonly Buffer[] {
    return this.#planes.map(({ offset, stride, divisor }) => {
      const from = offset + (y / divisor) * stride;
      return pixels.subarray(from, from + (rows / divisor) * stride);
    });
  }
}

function planesOfI420(width: number, height: number): readonly Plane[] {
  const stride = roundUp4(width);
  const halfStride = roundUp4(width / 2);
  const first = stride * height;
  const second = first + halfStride * (height / 2);
  return [
    { offset: 0, stride, divisor: 1 },
    { offset: first, stride: halfStride, divisor: 2 },
    { offset: second, stride: halfStride, divisor: 2 },
  ];
}

const planesOfBgrx = (width: number): readonly Plane[] => [
  { offset: 0, stride: width * 4, divisor: 1 },
];

const roundUp4 = (bytes: number): number => Math.ceil(bytes / 4) * 4;
