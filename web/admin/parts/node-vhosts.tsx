import { useCallback } from 'react';
import { listNodeVhosts } from '../../../gateway/protocol/api/node-inspection.ts';
import type { NodeVhost } from '../../../gateway/protocol/api/node-inspection.ts';
import type { PageQuery } from '../../../gateway/protocol/api/page.ts';
import { useConsole } from '../console-context.ts';
import { Badge } from './badge.tsx';
import type { Column } from './data-table.tsx';
import { NodeList } from './node-list.tsx';
import type { NodeListProps } from './node-list.tsx';
import { trafficColumns } from './node-traffic.tsx';

/** The virtual hosts of a media server. */
export function NodeVhosts(props: NodeListProps) {
  const { api } = useConsole();
  const read = useCallback(
    (node: string, query: Partial<PageQuery>) =>
      api.call(listNodeVhosts, { params: { node }, query }),
    [api],
  );
  return (
    <NodeList<NodeVhost>
      {...props}
      name="Virtual hosts"
      testId="node-vhosts"
      columns={columns}
      marksOf={({ name }) => ({ 'data-vhost': name })}
      read={read}
    />
  );
}

const columns: readonly Column<NodeVhost>[] = [
  { key: 'name', title: 'Name', kind: 'head', cell: ({ name }) => name },
  {
    key: 'enabled',
    title: 'State',
    cell: ({ enabled }) => (
      <Badge tone={enabled ? 'good' : 'plain'}>{enabled ? 'enabled' : 'off'}</Badge>
    ),
  },
  { key: 'streams', title: 'Streams', kind: 'number', cell: ({ streams }) => streams },
  { key: 'clients', title: 'Clients', kind: 'number', cell: ({ clients }) => clients },
  { key: 'hls', title: 'HLS', cell: ({ hls }) => (hls ? 'on' : 'off') },
  ...trafficColumns<NodeVhost>(),
  { key: 'id', title: 'Id', cell: ({ id }) => id },
];
