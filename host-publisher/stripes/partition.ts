import type { StripesEncoder } from './stripes-encoder.ts';

/** Rows of pixels that are encoded by themselves. */
export interface Row {
  readonly y: number;
  readonly rows: number;
}

/** Macroblocks of H.264, and of JPEG with halved chroma. */
const BLOCK = 16;

/**
 * `rows`: height that is aimed at; `most`: rows that a picture has at most. Each row of H.264 has
 * an encoder here and a decoder at every viewer; a JPEG has only its header and tables.
 */
const SHAPES: Readonly<Record<StripesEncoder, { readonly rows: number; readonly most: number }>> = {
  'jpeg-striped': { rows: 96, most: 48 },
  'x264enc-striped': { rows: 144, most: 8 },
  h264: { rows: Number.MAX_SAFE_INTEGER, most: 1 },
};

/** Covers a picture of this height from top to bottom; the last row may be lower than the others. */
export function partition(encoder: StripesEncoder, height: number): readonly Row[] {
  const shape = SHAPES[encoder];
  const count = Math.min(shape.most, Math.max(1, Math.round(height / shape.rows)));
  const each = Math.ceil(height / count / BLOCK) * BLOCK;
  const rows: Row[] = [];
  for (let y = 0; y < height; y += each) rows.push({ y, rows: Math.min(each, height - y) });
  return rows;
}
