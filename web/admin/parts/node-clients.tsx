import { useCallback } from 'react';
import { listNodeClients } from '../../../gateway/protocol/api/node-inspection.ts';
import type { NodeClientView } from '../../../gateway/protocol/api/node-inspection.ts';
import type { PageQuery } from '../../../gateway/protocol/api/page.ts';
import { UNKNOWN, showDuration } from '../../ui/quantity.ts';
import { useConsole } from '../console-context.ts';
import { consolePath } from '../console-route.ts';
import type { Column } from './data-table.tsx';
import { NodeList } from './node-list.tsx';
import type { NodeListProps } from './node-list.tsx';
import { trafficColumns } from './node-traffic.tsx';
import { PageLink } from './page-link.tsx';

/** Who sends or receives at a media server; who came past the gateway has no session. */
export function NodeClients(props: NodeListProps) {
  const { api } = useConsole();
  const read = useCallback(
    (node: string, query: Partial<PageQuery>) =>
      api.call(listNodeClients, { params: { node }, query }),
    [api],
  );
  return (
    <NodeList<NodeClientView>
      {...props}
      name="Clients"
      testId="node-clients"
      columns={columns}
      marksOf={({ id, path }) => ({ 'data-client': id, 'data-path': path })}
      read={read}
    />
  );
}

const columns: readonly Column<NodeClientView>[] = [
  { key: 'path', title: 'Room and source', kind: 'head', cell: ({ path }) => path },
  {
    key: 'does',
    title: 'Does',
    cell: ({ publishes, type }) => `${publishes ? 'shares' : 'watches'} (${type})`,
  },
  {
    key: 'session',
    title: 'Session',
    testId: 'client-session',
    cell: ({ session }) =>
      session === null ? (
        'none'
      ) : (
        <PageLink to={consolePath('sessions', session)}>{session}</PageLink>
      ),
  },
  { key: 'address', title: 'Address', kind: 'number', cell: ({ address }) => address || UNKNOWN },
  {
    key: 'for',
    title: 'For',
    kind: 'number',
    cell: ({ aliveSeconds }) => showDuration(aliveSeconds * 1000),
  },
  ...trafficColumns<NodeClientView>(),
  { key: 'id', title: 'Id', cell: ({ id }) => id },
];
