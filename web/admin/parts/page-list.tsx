import type { ReactNode } from 'react';
import type { Paged } from '../use-paged.ts';
import { PAGE_LIMIT } from '../use-paged.ts';
import { DataTable } from './data-table.tsx';
import type { Column, RowMarks } from './data-table.tsx';
import { Pager } from './pager.tsx';
import { ReadingView } from './reading-view.tsx';

/** A list in pages: filters above, the rows, the way to the other pages. */
export function PageList<Row>({
  paged,
  filters,
  ...table
}: {
  readonly paged: Paged<Row>;
  readonly filters?: ReactNode;
  readonly label: string;
  readonly testId: string;
  readonly columns: readonly Column<Row>[];
  readonly keyOf: (row: Row) => string;
  readonly marksOf?: (row: Row) => RowMarks;
  readonly empty: string;
}) {
  return (
    <section className="card" aria-label={table.label}>
      {filters !== undefined && (
        <div className="filters" role="search">
          {filters}
        </div>
      )}
      <ReadingView live={paged.live}>
        {(page) => (
          <>
            <DataTable {...table} rows={page.items} />
            <Pager place={paged.place} limit={PAGE_LIMIT} page={page} onMove={paged.move} />
          </>
        )}
      </ReadingView>
    </section>
  );
}
