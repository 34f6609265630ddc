import { useCallback } from 'react';
import type { NodeView } from '../../../gateway/protocol/api/nodes.ts';
import { listRooms } from '../../../gateway/protocol/api/rooms.ts';
import { listSessions } from '../../../gateway/protocol/api/sessions.ts';
import { useConsole, useLive } from '../console-context.ts';
import { consolePath } from '../console-route.ts';
import type { ConsolePageName } from '../console-route.ts';
import { readingState } from '../core/reading.ts';
import { FigureGraphs } from '../parts/figure-graphs.tsx';
import { PageFrame } from '../parts/page-frame.tsx';
import { PageLink } from '../parts/page-link.tsx';
import { ReadingView } from '../parts/reading-view.tsx';
import { TroubleList } from '../parts/trouble-list.tsx';
import { readStanding } from '../read-standing.ts';
import { findTroubles } from '../troubles.ts';

/** How many are here, what somebody should see to, and how it went. */
export function OverviewPage() {
  const { api, explain } = useConsole();
  const read = useCallback(async () => {
    const count = { limit: 1 };
    const [rooms, publishers, viewers, standing] = await Promise.all([
      api.call(listRooms, { query: count }),
      api.call(listSessions, { query: { ...count, kind: 'publish' } }),
      api.call(listSessions, { query: { ...count, kind: 'watch' } }),
      readStanding({ api, explain }),
    ]);
    return {
      counts: { rooms: rooms.total, publishers: publishers.total, viewers: viewers.total },
      standing,
    };
  }, [api, explain]);
  const live = useLive(read, ['room', 'session', 'source', 'node'], 5_000);
  return (
    <PageFrame title="Overview" testId="overview" state={readingState(live.reading)}>
      <ReadingView live={live}>
        {({ counts, standing }) => (
          <>
            <TroubleList troubles={findTroubles(standing)} />
            <div className="tiles">
              <Tile page="rooms" name="Rooms" value={counts.rooms} />
              <Tile
                page="sessions"
                name="Who share"
                value={counts.publishers}
                query={{ kind: 'publish' }}
              />
              <Tile
                page="sessions"
                name="Who watch"
                value={counts.viewers}
                query={{ kind: 'watch' }}
              />
              {standing.nodes !== null && (
                <Tile page="nodes" name="Media servers ready" value={showReady(standing.nodes)} />
              )}
            </div>
            {standing.nodes !== null && <FigureGraphs />}
          </>
        )}
      </ReadingView>
    </PageFrame>
  );
}

function Tile({
  page,
  name,
  value,
  query = {},
}: {
  readonly page: ConsolePageName;
  readonly name: string;
  readonly value: number | string;
  readonly query?: Readonly<Record<string, string>>;
}) {
  return (
    <PageLink
      to={consolePath(page, null, query)}
      className="tile"
      testId={`count-${name.toLowerCase().replaceAll(' ', '-')}`}
    >
      <b>{typeof value === 'number' ? value.toLocaleString('en') : value}</b>
      <span>{name}</span>
    </PageLink>
  );
}

/** `2 of 3`. */
const showReady = (nodes: readonly NodeView[]): string =>
  `${nodes.filter(({ healthy }) => healthy).length} of ${nodes.length}`;
