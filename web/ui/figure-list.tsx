/** One measured figure: its name for people, its key for tests, its value as shown. */
export interface Figure {
  readonly key: string;
  readonly name: string;
  readonly value: string;
}

/** Names and values in two columns; the places stay put while the values change. */
export function FigureList({
  label,
  figures,
}: {
  readonly label: string;
  readonly figures: readonly Figure[];
}) {
  return (
    <dl className="figures" aria-label={label}>
      {figures.map(({ key, name, value }) => (
        <div key={key}>
          <dt>{name}</dt>
          <dd data-testid={`figure-${key}`}>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
