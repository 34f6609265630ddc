import { useCallback } from 'react';
import type { ReactNode } from 'react';
import type { Page, PageQuery } from '../../../gateway/protocol/api/page.ts';
import { usePaged } from '../use-paged.ts';
import type { PageAt } from '../use-paged.ts';
import type { Column, RowMarks } from './data-table.tsx';
import { PageList } from './page-list.tsx';

/** Which list of which media server is shown. */
export interface NodeListProps {
  readonly node: string;
  readonly q: string;
  readonly filters: ReactNode;
}

/** A list of a media server, read through the gateway page by page. */
export function NodeList<Row extends { readonly id: string }>({
  node,
  q,
  filters,
  name,
  testId,
  columns,
  marksOf,
  read,
}: NodeListProps & {
  /** In the plural. */
  readonly name: string;
  readonly testId: string;
  readonly columns: readonly Column<Row>[];
  readonly marksOf: (row: Row) => RowMarks;
  /** Keeps its identity between renders. */
  readonly read: (node: string, query: Partial<PageQuery>) => Promise<Page<Row>>;
}) {
  const readHere = useCallback(
    (at: PageAt) => read(node, { ...at, ...(q === '' ? {} : { q }) }),
    [read, node, q],
  );
  const paged = usePaged(readHere, ['session', 'source', 'node']);
  return (
    <PageList<Row>
      paged={paged}
      label={`${name} of ${node}`}
      testId={testId}
      columns={columns}
      keyOf={({ id }) => id}
      marksOf={marksOf}
      empty={q === '' ? `It has no ${name.toLowerCase()}.` : 'It has nothing like that.'}
      filters={filters}
    />
  );
}
