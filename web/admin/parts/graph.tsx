import { GRAPH, graphPath, thinOut, topOf } from '../core/graph-path.ts';
import { UNKNOWN } from '../../ui/quantity.ts';

/** One line of a graph. */
export interface Line {
  readonly name: string;
  readonly values: readonly (number | null)[];
}

/** What was measured over time: lines from zero up, the newest at the right, with what it is now. */
export function Graph({
  title,
  lines,
  show,
  fromMs,
  stepMs,
}: {
  readonly title: string;
  readonly lines: readonly Line[];
  readonly show: (value: number) => string;
  /** When the first value is of. */
  readonly fromMs: number;
  readonly stepMs: number;
}) {
  const top = topOf(lines.flatMap(({ values }) => values));
  const length = Math.max(...lines.map(({ values }) => values.length));
  const toMs = fromMs + Math.max(0, length - 1) * stepMs;
  return (
    <figure className="graph" data-testid="graph">
      <figcaption>
        <span className="graph-title">{title}</span>
        <ul>
          {lines.map(({ name, values }, index) => (
            <li key={name} data-line={index}>
              {lines.length > 1 && `${name} `}
              <b>{showLast(values, show)}</b>
            </li>
          ))}
        </ul>
      </figcaption>
      <div className="graph-field">
        <span className="graph-top" aria-hidden="true">
          {show(top)}
        </span>
        <svg
          viewBox={`0 0 ${GRAPH.width} ${GRAPH.height}`}
          preserveAspectRatio="none"
          role="img"
          aria-label={`${title}: ${lines.map((line) => describe(line, show)).join('; ')}`}
        >
          <path
            className="graph-grid"
            d={`M0 0.5H${GRAPH.width}M0 ${GRAPH.height / 2}H${GRAPH.width}M0 ${GRAPH.height - 0.5}H${GRAPH.width}`}
          />
          {lines.map(({ name, values }, index) => (
            <path
              key={name}
              className="graph-line"
              data-line={index}
              d={graphPath(thinOut(values), top)}
            />
          ))}
        </svg>
        <div className="graph-times" aria-hidden="true">
          <span>{clockTime.format(fromMs)}</span>
          <span>{clockTime.format(toMs)}</span>
        </div>
      </div>
    </figure>
  );
}

const clockTime = new Intl.DateTimeFormat('en-GB', { timeStyle: 'short' });

const showLast = (values: Line['values'], show: (value: number) => string): string => {
  const last = values.findLast((value) => value !== null) ?? null;
  return last === null ? UNKNOWN : show(last);
};

/** `sessions 12 now, between 3 and 40`. */
function describe({ name, values }: Line, show: (value: number) => string): string {
  const known = values.filter((value) => value !== null);
  if (known.length === 0) return `${name} was not measured yet`;
  const [least, most] = [Math.min(...known), Math.max(...known)];
  return `${name} ${showLast(values, show)} now, between ${show(least)} and ${show(most)}`;
}
