import { useCallback } from 'react';
import { listRooms } from '../../../gateway/protocol/api/rooms.ts';
import type { RoomView } from '../../../gateway/protocol/api/rooms.ts';
import { showKind, stateNames } from '../../host/host-words.ts';
import { transportWords } from '../admin-words.ts';
import { useAddressQuery, useConsole } from '../console-context.ts';
import { consolePath } from '../console-route.ts';
import { readingState } from '../core/reading.ts';
import { Badge } from '../parts/badge.tsx';
import type { Column } from '../parts/data-table.tsx';
import { PageFrame } from '../parts/page-frame.tsx';
import { PageLink } from '../parts/page-link.tsx';
import { PageList } from '../parts/page-list.tsx';
import { SearchField } from '../parts/search-field.tsx';
import { usePaged } from '../use-paged.ts';
import type { PageAt } from '../use-paged.ts';

/** Every room in which somebody is. */
export function RoomsPage() {
  const { api } = useConsole();
  const [asked, ask] = useAddressQuery();
  const q = asked.get('q') ?? '';
  const read = useCallback(
    (at: PageAt) => api.call(listRooms, { query: { ...at, ...(q === '' ? {} : { q }) } }),
    [api, q],
  );
  const paged = usePaged(read, ['room', 'source', 'session', 'host', 'recording']);
  return (
    <PageFrame
      title="Rooms"
      testId="rooms-page"
      state={readingState(paged.live.reading)}
      lead="A room is there as long as somebody shares, watches or hosts in it."
    >
      <PageList<RoomView>
        paged={paged}
        label="Rooms"
        testId="rooms"
        columns={columns}
        keyOf={({ room }) => room}
        marksOf={({ room }) => ({ 'data-room': room })}
        empty={q === '' ? 'No room is in use.' : 'No room has such a name.'}
        filters={
          <SearchField label="Search by name" value={q} onSearch={(text) => ask({ q: text })} />
        }
      />
    </PageFrame>
  );
}

const columns: readonly Column<RoomView>[] = [
  {
    key: 'room',
    title: 'Room',
    kind: 'head',
    cell: ({ room }) => <PageLink to={consolePath('rooms', room)}>{room}</PageLink>,
  },
  {
    key: 'sources',
    title: 'Sources',
    cell: ({ sources }) => (
      <ul className="plain-list">
        {sources.map(({ source, live, transports }) => (
          <li key={source}>
            {source}{' '}
            <Badge tone={live ? 'good' : 'plain'}>
              {live ? transports.map((each) => transportWords[each]).join(', ') : 'off'}
            </Badge>
          </li>
        ))}
      </ul>
    ),
  },
  {
    key: 'viewers',
    title: 'Viewers',
    kind: 'number',
    cell: ({ sources }) => sources.reduce((sum, { viewers }) => sum + viewers, 0),
  },
  {
    key: 'hosts',
    title: 'Hosts',
    cell: ({ hosts = [] }) =>
      hosts.map(({ source, kind, state }) => (
        <div key={source}>{`${showKind(kind)}, ${stateNames[state]}`}</div>
      )),
  },
];
