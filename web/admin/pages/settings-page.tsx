import { useCallback } from 'react';
import { listSettings } from '../../../gateway/protocol/api/settings.ts';
import type { SettingView } from '../../../gateway/protocol/api/settings.ts';
import { useAddressQuery, useConsole, useLive } from '../console-context.ts';
import { readingState } from '../core/reading.ts';
import type { Column } from '../parts/data-table.tsx';
import { DataTable } from '../parts/data-table.tsx';
import { PageFrame } from '../parts/page-frame.tsx';
import { ReadingView } from '../parts/reading-view.tsx';
import { SearchField } from '../parts/search-field.tsx';

/** What the gateway was started with; secrets are not told. */
export function SettingsPage() {
  const { api } = useConsole();
  const [asked, ask] = useAddressQuery();
  const q = asked.get('q') ?? '';
  const read = useCallback(() => api.call(listSettings), [api]);
  const live = useLive(read, [], 60_000);
  const isAsked = ({ name, description }: SettingView) =>
    `${name} ${description}`.toLowerCase().includes(q.toLowerCase());
  return (
    <PageFrame
      title="Settings"
      testId="settings-page"
      state={readingState(live.reading)}
      lead="As the gateway was started; they change with the environment and a restart."
    >
      <section className="card" aria-label="Settings in force">
        <div className="filters" role="search">
          <SearchField
            label="Search name or description"
            value={q}
            onSearch={(text) => ask({ q: text })}
          />
        </div>
        <ReadingView live={live}>
          {({ items }) => (
            <DataTable
              label="Settings in force"
              testId="settings"
              columns={columns}
              rows={items.filter(isAsked)}
              keyOf={({ name }) => name}
              marksOf={({ name, given }) => ({ 'data-setting': name, 'data-given': String(given) })}
              empty="No setting is like that."
            />
          )}
        </ReadingView>
      </section>
    </PageFrame>
  );
}

const columns: readonly Column<SettingView>[] = [
  { key: 'name', title: 'Name', kind: 'head', cell: ({ name }) => name },
  {
    key: 'value',
    title: 'Value',
    cell: ({ value, given }) =>
      value === null || value === '' ? 'none' : given ? <b>{value}</b> : value,
  },
  { key: 'origin', title: 'From', cell: ({ given }) => (given ? 'set' : 'default') },
  { key: 'description', title: 'What it does', cell: ({ description }) => description },
];
