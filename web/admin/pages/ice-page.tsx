import { useCallback } from 'react';
import { listIceSources, probeIceSources } from '../../../gateway/protocol/api/ice.ts';
import type { IceProbeView, IceSourceView } from '../../../gateway/protocol/ice-sources.ts';
import { UNKNOWN, showMilliseconds } from '../../ui/quantity.ts';
import { iceSourceNames } from '../admin-words.ts';
import { useConsole, useLive } from '../console-context.ts';
import { readingState } from '../core/reading.ts';
import { ActButton } from '../parts/act-button.tsx';
import { Badge } from '../parts/badge.tsx';
import { DataTable } from '../parts/data-table.tsx';
import type { Column } from '../parts/data-table.tsx';
import { PageFrame } from '../parts/page-frame.tsx';
import { ReadingView } from '../parts/reading-view.tsx';
import { Since } from '../parts/time.tsx';
import { useAct } from '../use-act.ts';

/** Where STUN and TURN servers come from, and whether they answer. */
export function IcePage() {
  const { api } = useConsole();
  const read = useCallback(() => api.call(listIceSources, {}), [api]);
  const live = useLive(read, []);
  const act = useAct();
  const probe = async () => {
    await act(() => api.call(probeIceSources, {}), 'All servers were tried.');
    await live.refresh();
  };
  return (
    <PageFrame
      title="STUN and TURN"
      testId="ice-page"
      state={readingState(live.reading)}
      lead="Servers that help clients behind firewalls to reach the media servers."
      actions={
        <ActButton className="" testId="probe-ice" act={probe}>
          Try the servers
        </ActButton>
      }
    >
      <ReadingView live={live}>
        {({ items }) => (
          <section className="card" aria-label="Sources of STUN and TURN servers">
            <DataTable
              label="Sources of STUN and TURN servers"
              testId="ice-sources"
              columns={columns}
              rows={items}
              keyOf={({ source }) => source}
              marksOf={({ source }) => ({ 'data-source': source })}
              empty="No source is configured: clients get no STUN or TURN servers."
            />
          </section>
        )}
      </ReadingView>
    </PageFrame>
  );
}

const columns: readonly Column<IceSourceView>[] = [
  { key: 'source', title: 'Source', kind: 'head', cell: ({ source }) => iceSourceNames[source] },
  {
    key: 'state',
    title: 'State',
    cell: ({ failures }) => (
      <Badge tone={failures === 0 ? 'good' : 'bad'}>{failures === 0 ? 'works' : 'fails'}</Badge>
    ),
  },
  {
    key: 'age',
    title: 'Read',
    kind: 'number',
    cell: ({ refreshedAt }) => (refreshedAt === null ? UNKNOWN : <Since atMs={refreshedAt} />),
  },
  {
    key: 'failures',
    title: 'Failures',
    kind: 'number',
    cell: ({ failures, failuresInAll }) => `${failures} in a row, ${failuresInAll} in all`,
  },
  { key: 'holders', title: 'Holders', kind: 'number', cell: ({ holders }) => holders ?? UNKNOWN },
  {
    key: 'servers',
    title: 'Servers',
    cell: ({ urls, probes }) => urls.map((url) => <div key={url}>{showServer(url, probes)}</div>),
  },
  { key: 'error', title: 'Last error', cell: ({ lastError }) => lastError },
];

/** `turn:turn.example.org (18 ms)`, or why it is not reachable from the gateway. */
function showServer(url: string, probes: readonly IceProbeView[]): string {
  const probe = probes.find((view) => view.url === url);
  if (probe === undefined) return url;
  return `${url} (${probe.error ?? showMilliseconds(probe.roundTripMs)})`;
}
