/** One row of a picture, in pixels from its top. */
export interface PictureRow {
  readonly y: number;
  readonly rows: number;
}

/** A change somewhere costs no more than an eighth of the picture. */
const ROWS = 8;
/** JPEG with halved colours works on blocks of so many. */
const BLOCK = 16;

/** At most eight rows of a multiple of 16 pixels each; the last one has what remains. */
export function partition(height: number): readonly PictureRow[] {
  const rows = Math.ceil(height / ROWS / BLOCK) * BLOCK;
  return Array.from({ length: Math.ceil(height / rows) }, (_, place) => ({
    y: place * rows,
    rows: Math.min(rows, height - place * rows),
  }));
}

/** Rows whose pixels differ from those that were sent; all when nothing was. */
export function findChangedRows(
  rows: readonly PictureRow[],
  pixels: Uint32Array,
  sent: Uint32Array | null,
  width: number,
): readonly PictureRow[] {
  if (sent === null) return rows;
  return rows.filter(({ y, rows: count }) => {
    const end = (y + count) * width;
    for (let place = y * width; place < end; place++) {
      if (pixels[place] !== sent[place]) return true;
    }
    return false;
  });
}
