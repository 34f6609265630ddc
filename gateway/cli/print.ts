/** Rows under their titles, in columns; what would move the cursor of a terminal is left out. */
export function printTable(
  titles: readonly string[],
  rows: readonly (readonly (string | number | null)[])[],
): string {
  const cells = [titles, ...rows.map((row) => row.map(cellOf))];
  const widths = titles.map((_, column) =>
    Math.max(...cells.map((row) => lengthOf(row[column] ?? ''))),
  );
  return cells
    .map((row) =>
      row
        .map((cell, column) => cell + ' '.repeat((widths[column] ?? 0) - lengthOf(cell)))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/** A text that a terminal can be given. */
export const printable = (text: string): string => text.replace(/[\p{Cc}\p{Cf}]/gu, '·');

/** `2026-11-22 08:00:00`, in UTC. */
export const printTime = (epochMs: number | null): string =>
  epochMs === null ? '' : new Date(epochMs).toISOString().slice(0, 19).replace('T', ' ');

/** `1.5 GiB`. */
export function printBytes(bytes: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
  const power = Math.min(Math.floor(Math.log2(Math.max(bytes, 1)) / 10), units.length - 1);
  const value = bytes / 1024 ** power;
  return `${power === 0 ? value : value.toFixed(1)} ${units[power] ?? ''}`;
}

const cellOf = (cell: string | number | null): string =>
  cell === null ? '-' : printable(String(cell));

const segments = new Intl.Segmenter();

/** Letters as they are seen. */
const lengthOf = (text: string): number => Array.from(segments.segment(text)).length;
