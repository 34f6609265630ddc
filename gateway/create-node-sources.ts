import type { Config } from './config/load.ts';
import { nodeOfEntry } from './config/node-entry.ts';
import { awaitedNodes, nodeAt, type NodeSettings } from './config/node-settings.ts';
import type { Cluster } from './create-cluster.ts';
import { createNodeActs } from './create-node-acts.ts';
import { createNode } from './create-node.ts';
import type { Fleet } from './create-nodes.ts';
import type { Service } from './lifecycle.ts';
import type { NodeIdentity } from './media/node.ts';
import { Heartbeats } from './nodes/heartbeats.ts';
import { NodeFile } from './nodes/node-file.ts';
import type { Logger } from './observability/logger.ts';
import type { Metrics } from './observability/metrics.ts';
import type { NodeEntry } from './protocol/api/nodes.ts';
import type { FleetDesk } from './rooms/fleet/fleet-desk.ts';

/** By whom media servers become known while the gateway runs. */
export interface NodeSources {
  /** Undefined: heartbeats are not taken. */
  readonly heartbeats: Heartbeats | undefined;
  /** A server as an administrator describes it. @throws GatewayError `bad-request` */
  readonly settingsOf: (entry: NodeEntry) => NodeSettings;
  /** What is waited for while no server is known, as a sentence. */
  readonly awaited: () => string;
  /** Reads the file anew. */
  readonly reload: () => void;
  readonly service: Service;
}

export function createNodeSources(
  config: Config,
  parts: Pick<Fleet, 'nodes' | 'roster'> & {
    readonly cluster: Pick<Cluster, 'link' | 'news' | 'envelope'>;
    readonly desk: FleetDesk;
    readonly metrics: Metrics;
    readonly log: Logger;
    /** Epoch milliseconds. */
    readonly now: () => number;
  },
): NodeSources {
  const { metrics } = parts;
  const settingsOf = (entry: NodeEntry): NodeSettings => nodeOfEntry(entry, config);
  const heartbeats = config.SRS_HEARTBEAT
    ? new Heartbeats({
        ...parts,
        settingsOf: (apiUrl) => nodeAt(apiUrl, config, config.nodePassword),
        identify: (settings) => identify(settings, metrics),
        now: () => performance.now(),
      })
    : undefined;
  const { SRS_NODES_FILE: path } = config;
  const acts = createNodeActs(parts.cluster, { ...parts, settingsOf });
  const file = path === undefined ? undefined : new NodeFile({ ...parts, path, settingsOf });
  return {
    heartbeats,
    settingsOf,
    awaited: () => file?.problem ?? awaitedNodes(config),
    reload: () => file?.reload(),
    service: {
      name: 'node sources',
      start: () => {
        file?.start();
        heartbeats?.start();
        acts.start();
      },
      close: () => {
        acts.close();
        file?.close();
        heartbeats?.close();
      },
    },
  };
}

/** Who answers at an address that nobody vouches for yet. */
async function identify(settings: NodeSettings, metrics: Metrics): Promise<NodeIdentity> {
  const node = createNode(settings, metrics);
  try {
    return await node.identify();
  } finally {
    await node.close();
  }
}
