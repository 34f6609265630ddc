import { useCallback } from 'react';
import { listNodes, probeNodes } from '../../../gateway/protocol/api/nodes.ts';
import type { NodeView } from '../../../gateway/protocol/api/nodes.ts';
import { UNKNOWN } from '../../ui/quantity.ts';
import { useConsole, useLive } from '../console-context.ts';
import { consolePath } from '../console-route.ts';
import { readingState } from '../core/reading.ts';
import { ActButton } from '../parts/act-button.tsx';
import { CarriageList } from '../parts/carriage-list.tsx';
import { DataTable } from '../parts/data-table.tsx';
import type { Column } from '../parts/data-table.tsx';
import { NodeAddresses } from '../parts/node-addresses.tsx';
import { NodeBadge } from '../parts/node-badge.tsx';
import { NodeForm } from '../parts/node-form.tsx';
import { PageFrame } from '../parts/page-frame.tsx';
import { PageLink } from '../parts/page-link.tsx';
import { ReadingView } from '../parts/reading-view.tsx';
import { useAct } from '../use-act.ts';

/** The media servers, and where clients are told to send media. */
export function NodesPage() {
  const { api } = useConsole();
  const read = useCallback(() => api.call(listNodes, {}), [api]);
  const live = useLive(read, ['node']);
  const act = useAct();
  const probe = async () => {
    await act(() => api.call(probeNodes, {}), 'All addresses were tried.');
    await live.refresh();
  };
  return (
    <PageFrame
      title="Media servers"
      testId="nodes-page"
      state={readingState(live.reading)}
      lead="Pictures go between clients and these servers; the gateway only makes the connection."
      actions={
        <ActButton className="" testId="probe-nodes" act={probe}>
          Try the addresses
        </ActButton>
      }
    >
      <ReadingView live={live}>
        {({ items }) => (
          <section className="card" aria-label="Media servers">
            <DataTable
              label="Media servers"
              testId="nodes"
              columns={columns}
              rows={items}
              keyOf={({ node }) => node}
              marksOf={({ node }) => ({ 'data-node': node })}
              empty="No media server is known."
            />
          </section>
        )}
      </ReadingView>
      <CarriageList />
      <NodeForm onAdded={live.refresh} />
    </PageFrame>
  );
}

const columns: readonly Column<NodeView>[] = [
  {
    key: 'node',
    title: 'Server',
    kind: 'head',
    cell: ({ node }) => <PageLink to={consolePath('nodes', node)}>{node}</PageLink>,
  },
  { key: 'health', title: 'Health', cell: (node) => <NodeBadge node={node} /> },
  { key: 'version', title: 'Version', cell: ({ version }) => version ?? UNKNOWN },
  { key: 'sessions', title: 'Sessions', kind: 'number', cell: ({ sessions }) => sessions },
  {
    key: 'addresses',
    title: 'Announced addresses',
    testId: 'node-addresses',
    cell: ({ addresses }) => <NodeAddresses view={addresses} />,
  },
  {
    key: 'remark',
    title: 'Remark',
    cell: ({ detail, hold, addresses }) => [
      ...(hold === null ? [] : [<div key="hold">{hold}</div>]),
      ...(detail === '' ? [] : [<div key="detail">{detail}</div>]),
      ...addresses.remarks.map(({ sentence }) => (
        <div key={sentence} className="bad" data-testid="address-remark">
          {sentence}
        </div>
      )),
    ],
  },
];
