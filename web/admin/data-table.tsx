import type { ReactNode } from 'react';

/** A titled table that scrolls sideways by itself on a narrow screen. */
export function DataTable({
  title,
  testId,
  columns,
  empty,
  children,
  below,
}: {
  readonly title: string;
  readonly testId: string;
  readonly columns: readonly string[];
  /** Shown in place of rows when there are none. */
  readonly empty: string | null;
  readonly children: ReactNode;
  /** Beneath the table, where it does not scroll with it. */
  readonly below?: ReactNode;
}) {
  return (
    <section className="card" aria-labelledby={`${testId}-title`} data-testid={testId}>
      <h2 id={`${testId}-title`}>{title}</h2>
      {empty !== null ? (
        <p className="hint">{empty}</p>
      ) : (
        <div className="table-scroll" role="region" aria-label={title} tabIndex={0}>
          <table>
            <thead>
              <tr>
                {columns.map((column) => (
                  <th key={column} scope="col">
                    {column}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>{children}</tbody>
          </table>
        </div>
      )}
      {below}
    </section>
  );
}
