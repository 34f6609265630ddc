import { NodeActs } from './cluster/node-acts.ts';
import type { NodeSettings } from './config/node-settings.ts';
import type { Cluster } from './create-cluster.ts';
import { GatewayError } from './errors.ts';
import type { Roster } from './nodes/roster.ts';
import type { Logger } from './observability/logger.ts';
import type { NodeEntry } from './protocol/api/nodes.ts';
import type { FleetDesk, NodeAct } from './rooms/fleet/fleet-desk.ts';
import type { Nodes } from './rooms/nodes.ts';

/** What operators do with nodes at one gateway is done at all of them; nothing of it where there is one. */
export function createNodeActs(
  { link, news, envelope }: Pick<Cluster, 'link' | 'news' | 'envelope'>,
  parts: {
    readonly desk: FleetDesk;
    readonly roster: Roster;
    readonly nodes: Nodes;
    readonly settingsOf: (entry: NodeEntry) => NodeSettings;
    readonly log: Logger;
    readonly now: () => number;
  },
): Pick<NodeActs, 'start' | 'close'> {
  if (link === undefined || envelope === undefined) {
    return { start: () => undefined, close: () => undefined };
  }
  const { desk, roster, nodes, settingsOf, log } = parts;
  const add = (entry: NodeEntry): boolean => {
    try {
      roster.add('api', settingsOf(entry));
    } catch (error) {
      if (!(error instanceof GatewayError)) throw error;
      log.warn({ why: error.message }, 'a media server of another gateway is not taken');
    }
    return true;
  };
  const follow = (act: NodeAct): boolean => {
    if (act.act !== 'add') return desk.follow(act);
    return nodes.named(act.node) !== undefined || add(act.entry);
  };
  const acts = new NodeActs({ ...parts, link, news, envelope, follow });
  desk.onAct = (act) => {
    acts.tell(act);
  };
  return acts;
}
