import { useCallback } from 'react';
import { listCarriages } from '../../../gateway/protocol/api/carriages.ts';
import type { CarriageView } from '../../../gateway/protocol/api/carriages.ts';
import { useConsole, useLive } from '../console-context.ts';
import { consolePath } from '../console-route.ts';
import { Badge } from './badge.tsx';
import { DataTable } from './data-table.tsx';
import type { Column } from './data-table.tsx';
import { PageLink } from './page-link.tsx';

/** Sources that are at more than one media server; nothing while there is none. */
export function CarriageList() {
  const { api } = useConsole();
  const read = useCallback(() => api.call(listCarriages, {}), [api]);
  const { reading } = useLive(read, ['session']);
  if (reading.kind !== 'read' || reading.value.items.length === 0) return null;
  return (
    <section className="card" aria-label="Sources at several servers">
      <h2>Sources at several servers</h2>
      <DataTable
        label="Sources at several servers"
        testId="carriages"
        columns={columns}
        rows={reading.value.items}
        keyOf={({ room, source, to }) => `${room}/${source} ${to}`}
        marksOf={({ to }) => ({ 'data-to': to })}
        empty=""
      />
    </section>
  );
}

const columns: readonly Column<CarriageView>[] = [
  {
    key: 'source',
    title: 'Source',
    kind: 'head',
    cell: ({ room, source }) => (
      <PageLink to={consolePath('rooms', room)}>{`${room}/${source}`}</PageLink>
    ),
  },
  { key: 'from', title: 'Published at', cell: ({ from }) => from },
  { key: 'to', title: 'Carried to', cell: ({ to }) => to },
  {
    key: 'state',
    title: 'State',
    cell: ({ ready }) => (
      <Badge tone={ready ? 'good' : 'plain'}>{ready ? 'carried' : 'coming up'}</Badge>
    ),
  },
  { key: 'viewers', title: 'Viewers there', kind: 'number', cell: ({ viewers }) => viewers },
  { key: 'resent', title: 'Packets resent', kind: 'number', cell: ({ resent }) => resent },
];
