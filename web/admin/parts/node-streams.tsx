import { useCallback } from 'react';
import { listNodeStreams } from '../../../gateway/protocol/api/node-inspection.ts';
import type { NodeStream } from '../../../gateway/protocol/api/node-inspection.ts';
import type { PageQuery } from '../../../gateway/protocol/api/page.ts';
import { UNKNOWN } from '../../ui/quantity.ts';
import { useConsole } from '../console-context.ts';
import { Badge } from './badge.tsx';
import type { Column } from './data-table.tsx';
import { NodeList } from './node-list.tsx';
import type { NodeListProps } from './node-list.tsx';
import { trafficColumns } from './node-traffic.tsx';

/** What is published at a media server, by the gateway or past it. */
export function NodeStreams(props: NodeListProps) {
  const { api } = useConsole();
  const read = useCallback(
    (node: string, query: Partial<PageQuery>) =>
      api.call(listNodeStreams, { params: { node }, query }),
    [api],
  );
  return (
    <NodeList<NodeStream>
      {...props}
      name="Streams"
      testId="node-streams"
      columns={columns}
      marksOf={({ path }) => ({ 'data-path': path })}
      read={read}
    />
  );
}

const columns: readonly Column<NodeStream>[] = [
  { key: 'path', title: 'Room and source', kind: 'head', cell: ({ path }) => path },
  {
    key: 'active',
    title: 'State',
    cell: ({ active }) => (
      <Badge tone={active ? 'good' : 'plain'}>{active ? 'published' : 'off'}</Badge>
    ),
  },
  { key: 'clients', title: 'Clients', kind: 'number', cell: ({ clients }) => clients },
  { key: 'video', title: 'Video', cell: ({ video }) => showVideo(video) },
  { key: 'audio', title: 'Sound', cell: ({ audio }) => showAudio(audio) },
  ...trafficColumns<NodeStream>(),
  { key: 'id', title: 'Id', cell: ({ id }) => id },
];

/** `H264, 1280 × 720`; sizes are 0 until the node knows them. */
function showVideo(video: NodeStream['video']): string {
  if (video === null) return UNKNOWN;
  const { codec, width, height } = video;
  return width === 0 || height === 0 ? codec : `${codec}, ${width} × ${height}`;
}

function showAudio(audio: NodeStream['audio']): string {
  if (audio === null) return UNKNOWN;
  const { codec, sampleRate, channels } = audio;
  return sampleRate === 0 ? codec : `${codec}, ${sampleRate / 1000} kHz, ${channels}-channel`;
}
