import type { ReactNode } from 'react';

/** One column of a table. */
export interface Column<Row> {
  readonly key: string;
  readonly title: string;
  readonly cell: (row: Row) => ReactNode;
  /** `head`: names the row; `number`: digits stand below each other; `action`: buttons. */
  readonly kind?: 'head' | 'number' | 'action' | 'text';
  readonly testId?: string;
}

/** Marks of a row, for tests and styles. */
export type RowMarks = Readonly<Record<`data-${string}`, string>>;

/** Rows under their titles; on a narrow screen each row is a card with its titles in it. */
export function DataTable<Row>({
  label,
  testId,
  columns,
  rows,
  keyOf,
  marksOf,
  empty,
}: {
  readonly label: string;
  readonly testId: string;
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  readonly keyOf: (row: Row) => string;
  readonly marksOf?: (row: Row) => RowMarks;
  /** Said in place of the rows when there are none. */
  readonly empty: string;
}) {
  if (rows.length === 0) {
    return (
      <p className="empty" data-testid={testId}>
        {empty}
      </p>
    );
  }
  return (
    <div className="table-frame">
      {/* The roles are lost where style makes cards of the rows. */}
      <table className="data-table" role="table" aria-label={label} data-testid={testId}>
        <thead role="rowgroup">
          <tr role="row">
            {columns.map(({ key, title, kind }) => (
              <th key={key} scope="col" role="columnheader" className={kind}>
                {kind === 'action' ? <span className="unseen">{title}</span> : title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody role="rowgroup">
          {rows.map((row) => (
            <tr key={keyOf(row)} role="row" {...marksOf?.(row)}>
              {columns.map((column) => (
                <Cell key={column.key} column={column} row={row} />
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Cell<Row>({ column, row }: { readonly column: Column<Row>; readonly row: Row }) {
  const { kind = 'text', title, cell, testId } = column;
  const content = cell(row);
  if (kind === 'head') {
    return (
      <th scope="row" role="rowheader" className="head" data-testid={testId}>
        {content}
      </th>
    );
  }
  return (
    <td role="cell" className={kind} data-title={title} data-testid={testId}>
      {content}
    </td>
  );
}
