/** Of the graph, in its own units. */
export const WIDTH = 120;
export const HEIGHT = 24;
/** Places of the graph, one for each second. */
const PLACES = 60;

/** An SVG path of the last values, from zero at the bottom to `most` at the top. */
export function linePath(values: readonly (number | null)[], most: number): string {
  const shown = values.slice(-PLACES);
  const first = PLACES - shown.length;
  const scale = most > 0 ? (HEIGHT - 2) / most : 0;
  let isDrawing = false;
  return shown
    .map((value, place) => {
      if (value === null) {
        isDrawing = false;
        return '';
      }
      const x = (((first + place) * WIDTH) / (PLACES - 1)).toFixed(1);
      const y = (HEIGHT - 1 - value * scale).toFixed(1);
      const command = isDrawing ? 'L' : 'M';
      isDrawing = true;
      return `${command}${x} ${y}`;
    })
    .join('');
}
