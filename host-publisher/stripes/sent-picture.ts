import type { Row } from './partition.ts';
import type { PixelLayout } from './pixel-layout.ts';

/** The picture as it was last given to the encoders: what changes is told against this. */
export class SentPicture {
  readonly pixels: Buffer;
  readonly #layout: PixelLayout;
  readonly #rows: readonly Row[];
  readonly #slices: readonly (readonly Buffer[])[];
  #isEmpty = true;

  constructor(layout: PixelLayout, rows: readonly Row[]) {
    this.#layout = layout;
    this.#rows = rows;
    this.pixels = Buffer.alloc(layout.bytes);
    this.#slices = rows.map((row) => layout.slices(this.pixels, row));
  }

  /** Whether there is a picture yet. */
  get isEmpty(): boolean {
    return this.#isEmpty;
  }

  /** A row's planes; they change with the next `take`. */
  slices(index: number): readonly Buffer[] {
    return this.#slices[index] ?? [];
  }

  /** Copies the rows that differ, and hands out their indexes. */
  take(pixels: Buffer): readonly number[] {
    const changed: number[] = [];
    for (const [index, row] of this.#rows.entries()) {
      const fresh = this.#layout.slices(pixels, row);
      const former = this.slices(index);
      if (!this.#isEmpty && fresh.every((plane, at) => former[at]?.equals(plane))) continue;
      for (const [at, plane] of fresh.entries()) plane.copy(former[at] as Buffer);
      changed.push(index);
    }
    this.#isEmpty = false;
    return changed;
  }
}
