import { HEIGHT, WIDTH, linePath } from './line-path.ts';

/** A small graph of what was measured, newest at the right; gaps where nothing was. */
export function Sparkline({
  values,
  name,
  show,
}: {
  readonly values: readonly (number | null)[];
  /** What is measured, for screen readers. */
  readonly name: string;
  readonly show: (value: number | null) => string;
}) {
  const known = values.filter((value) => value !== null);
  const [least, most] = [Math.min(...known), Math.max(...known)];
  const label =
    known.length === 0
      ? `${name}: nothing was measured yet`
      : `${name} of the last ${values.length} seconds: ${show(least)} to ${show(most)}`;
  return (
    <svg
      className="sparkline"
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      preserveAspectRatio="none"
      role="img"
      aria-label={label}
    >
      <path d={linePath(values, most)} />
    </svg>
  );
}
