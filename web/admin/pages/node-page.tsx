import { useCallback } from 'react';
import { getNodeSummary } from '../../../gateway/protocol/api/node-inspection.ts';
import { listNodes } from '../../../gateway/protocol/api/nodes.ts';
import type { NodeView } from '../../../gateway/protocol/api/nodes.ts';
import { Choice } from '../../ui/choice.tsx';
import { showFraction } from '../../ui/quantity.ts';
import { useAddressQuery, useConsole, useLive } from '../console-context.ts';
import { consolePath } from '../console-route.ts';
import { readingState } from '../core/reading.ts';
import { Card } from '../parts/card.tsx';
import { Facts } from '../parts/facts.tsx';
import { NodeAddresses } from '../parts/node-addresses.tsx';
import { NodeBadge } from '../parts/node-badge.tsx';
import { NodeDuty } from '../parts/node-duty.tsx';
import { NodeClients } from '../parts/node-clients.tsx';
import { NodeStreams } from '../parts/node-streams.tsx';
import { NodeSummaryCards } from '../parts/node-summary.tsx';
import { NodeVhosts } from '../parts/node-vhosts.tsx';
import { PageFrame } from '../parts/page-frame.tsx';
import { ReadingView } from '../parts/reading-view.tsx';
import { SearchField } from '../parts/search-field.tsx';

const LISTS = ['streams', 'clients', 'vhosts'] as const;
type List = (typeof LISTS)[number];
const listNames = { streams: 'Streams', clients: 'Clients', vhosts: 'Virtual hosts' } as const;
const listParts = { streams: NodeStreams, clients: NodeClients, vhosts: NodeVhosts } as const;

const originWords: Readonly<Record<NodeView['origin'], string>> = {
  settings: 'SRS_NODES',
  engine: 'the gateway, whose engine it is',
  file: 'SRS_NODES_FILE',
  heartbeat: 'its own heartbeat',
  api: 'an administrator, until the gateway is restarted',
  docker: 'Docker',
};

/** One media server: how it stands, what it says of itself, and all that it has. */
export function NodePage({ name }: { readonly name: string }) {
  const { api } = useConsole();
  const readNode = useCallback(async () => {
    const { items } = await api.call(listNodes);
    return items.find(({ node }) => node === name) ?? null;
  }, [api, name]);
  const readSummary = useCallback(
    () => api.call(getNodeSummary, { params: { node: name } }),
    [api, name],
  );
  const live = useLive(readNode, ['node'], 3_000);
  const summary = useLive(readSummary, ['node'], 3_000);
  return (
    <PageFrame
      title={name}
      testId="node-page"
      state={readingState(live.reading)}
      back={{ to: consolePath('nodes'), name: 'Media servers' }}
    >
      <ReadingView live={live}>
        {(node) =>
          node === null ? (
            <p className="empty card">There is no such media server, or no longer.</p>
          ) : (
            <>
              <div className="columns thirds">
                <NodeFacts node={node} onDone={live.refresh} />
                <ReadingView live={summary}>
                  {(value) => <NodeSummaryCards summary={value} />}
                </ReadingView>
              </div>
              <NodeLists node={name} />
            </>
          )
        }
      </ReadingView>
    </PageFrame>
  );
}

function NodeFacts({
  node,
  onDone,
}: {
  readonly node: NodeView;
  readonly onDone: () => Promise<unknown>;
}) {
  return (
    <Card title="Media server" testId="node-facts" actions={<NodeBadge node={node} />}>
      <Facts
        facts={[
          ['State', node.detail],
          ['Sessions of this gateway', node.sessions],
          ['Of what it is to carry', showFraction(node.load.strain)],
          ['Known by', originWords[node.origin]],
          ...(node.hold === null ? [] : [['Takes no new source', node.hold] as const]),
          ['Announced addresses', <NodeAddresses key="addresses" view={node.addresses} />],
        ]}
      />
      <NodeDuty node={node} onDone={onDone} />
      {node.addresses.remarks.map(({ sentence }) => (
        <p key={sentence} className="notice problem">
          {sentence}
        </p>
      ))}
    </Card>
  );
}

/** Its streams, clients or virtual hosts, as it counts them. */
function NodeLists({ node }: { readonly node: string }) {
  const [asked, ask] = useAddressQuery();
  const list = LISTS.find((each) => each === asked.get('list')) ?? 'streams';
  const q = asked.get('q') ?? '';
  const Rows = listParts[list];
  return (
    <Rows
      key={list}
      node={node}
      q={q}
      filters={
        <>
          <SearchField
            label="Search name, id or address"
            value={q}
            onSearch={(text) => ask({ q: text })}
          />
          <Choice<List>
            name="What it has"
            testId="node-list"
            options={LISTS}
            value={list}
            show={(each) => listNames[each]}
            onChange={(each) => ask({ list: each })}
          />
        </>
      }
    />
  );
}
