import { useCallback } from 'react';
import { listAudit } from '../../../gateway/protocol/api/audit.ts';
import type { AuditView } from '../../../gateway/protocol/api/audit.ts';
import { Choice } from '../../ui/choice.tsx';
import { UNKNOWN } from '../../ui/quantity.ts';
import { useAddressQuery, useConsole } from '../console-context.ts';
import { readingState } from '../core/reading.ts';
import type { Column } from '../parts/data-table.tsx';
import { PageFrame } from '../parts/page-frame.tsx';
import { PageList } from '../parts/page-list.tsx';
import { SearchField } from '../parts/search-field.tsx';
import { Moment } from '../parts/time.tsx';
import { usePaged } from '../use-paged.ts';
import type { PageAt } from '../use-paged.ts';

const HOUR_MS = 3_600_000;
/** Hours back; 0: as far as it is kept. */
const SPANS = [0, 1, 24, 7 * 24] as const;

/** What was done and refused, by whom. */
export function AuditPage() {
  const { api } = useConsole();
  const [asked, ask] = useAddressQuery();
  const [q, by, act] = ['q', 'by', 'act'].map((name) => asked.get(name) ?? '') as [
    string,
    string,
    string,
  ];
  const hours = SPANS.find((each) => String(each) === asked.get('hours')) ?? 0;
  const read = useCallback(
    (at: PageAt) =>
      api.call(listAudit, {
        query: {
          ...at,
          ...(q === '' ? {} : { q }),
          ...(by === '' ? {} : { by }),
          ...(act === '' ? {} : { act }),
          ...(hours === 0 ? {} : { since: Date.now() - hours * HOUR_MS }),
        },
      }),
    [api, q, by, act, hours],
  );
  const paged = usePaged(read, ['session', 'control', 'recording']);
  const isFiltered = q !== '' || by !== '' || act !== '' || hours !== 0;
  return (
    <PageFrame
      title="Audit log"
      testId="audit-page"
      state={readingState(paged.live.reading)}
      lead="What administrators did and what was refused, the newest first."
    >
      <PageList<AuditView>
        paged={paged}
        label="Audit log"
        testId="audit"
        columns={columns}
        keyOf={({ id }) => id}
        marksOf={(entry) => ({ 'data-act': entry.act })}
        empty={isFiltered ? 'Nothing like that was done.' : 'Nothing was done yet.'}
        filters={
          <>
            <SearchField label="Search" value={q} onSearch={(text) => ask({ q: text })} />
            <SearchField
              label="By whom, exactly"
              testId="audit-by"
              value={by}
              onSearch={(text) => ask({ by: text })}
            />
            <SearchField
              label="What, exactly"
              testId="audit-act"
              value={act}
              onSearch={(text) => ask({ act: text })}
            />
            <Choice<number>
              name="Time"
              testId="audit-hours"
              options={SPANS}
              value={hours}
              show={(each) => spanNames[each] ?? ''}
              onChange={(each) => ask({ hours: each === 0 ? '' : String(each) })}
            />
          </>
        }
      />
    </PageFrame>
  );
}

const spanNames: Readonly<Record<number, string>> = {
  0: 'All of it',
  1: 'Last hour',
  24: 'Last day',
  168: 'Last 7 days',
};

const columns: readonly Column<AuditView>[] = [
  { key: 'at', title: 'When', kind: 'head', cell: ({ at }) => <Moment atMs={at} /> },
  { key: 'act', title: 'What', cell: ({ act }) => act },
  { key: 'by', title: 'By', cell: ({ by }) => by ?? UNKNOWN },
  { key: 'room', title: 'Room', cell: ({ room }) => room ?? UNKNOWN },
  { key: 'address', title: 'From', kind: 'number', cell: ({ address }) => address ?? UNKNOWN },
  { key: 'detail', title: 'More', cell: ({ detail }) => showDetail(detail) },
];

/** `session: 3f…, source: main`. */
const showDetail = (detail: AuditView['detail']): string =>
  Object.entries(detail)
    .map(([name, value]) => `${name}: ${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join(', ');
