/** Of a graph, in its own units. */
export const GRAPH = { width: 600, height: 120 };
/** More points than this cannot be told apart. */
const MOST_POINTS = 240;

type Value = number | null;

/** The values as the mean of so many neighbours that they can be told apart; gaps stay gaps. */
export function thinOut(values: readonly Value[], most = MOST_POINTS): readonly Value[] {
  const size = Math.ceil(values.length / most);
  if (size <= 1) return values;
  const groups = Math.ceil(values.length / size);
  return Array.from({ length: groups }, (_, group) => {
    const known = values.slice(group * size, (group + 1) * size).filter((value) => value !== null);
    return known.length === 0 ? null : known.reduce((sum, value) => sum + value, 0) / known.length;
  });
}

/** The least of 1, 2 or 5 times a power of ten that is no less than any value; 1 where all are 0. */
export function topOf(values: readonly Value[]): number {
  const most = values.reduce<number>((top, value) => Math.max(top, value ?? 0), 0);
  if (most <= 0) return 1;
  const power = 10 ** Math.floor(Math.log10(most));
  return [1, 2, 5, 10].map((step) => step * power).find((step) => step >= most) ?? most;
}

/** An SVG path through the values, the first at the left, from zero at the bottom to `top`. */
export function graphPath(values: readonly Value[], top: number): string {
  const last = Math.max(1, values.length - 1);
  let isDrawing = false;
  return values
    .map((value, place) => {
      if (value === null) {
        isDrawing = false;
        return '';
      }
      const x = ((place * GRAPH.width) / last).toFixed(1);
      const y = (GRAPH.height - (Math.min(value, top) / top) * GRAPH.height).toFixed(1);
      // A point without neighbours is seen as a short line.
      const isAlone = !isDrawing && (values[place + 1] ?? null) === null;
      const command = isDrawing ? 'L' : 'M';
      isDrawing = true;
      return `${command}${x} ${y}${isAlone ? 'h1' : ''}`;
    })
    .join('');
}
