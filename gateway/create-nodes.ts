import type { AddressDesk } from './addresses/address-desk.ts';
import { createNode } from './create-node.ts';
import type { Config } from './config/load.ts';
import { nodeLimits } from './config/node-settings.ts';
import type { NodeEvents } from './events/node-events.ts';
import type { Service } from './lifecycle.ts';
import { LIMITS } from './limits/limits.ts';
import { Roster } from './nodes/roster.ts';
import type { Logger } from './observability/logger.ts';
import type { Metrics } from './observability/metrics.ts';
import type { NodeRecorders } from './recordings/node-recorders.ts';
import { FleetDesk } from './rooms/fleet/fleet-desk.ts';
import { Homecoming } from './rooms/fleet/homecoming.ts';
import { NodeLoads } from './rooms/fleet/node-loads.ts';
import { Placement } from './rooms/fleet/placement.ts';
import { NodeWatch } from './rooms/node-watch.ts';
import { Nodes } from './rooms/nodes.ts';
import type { Registry } from './rooms/registry.ts';
import type { Sessions } from './rooms/sessions.ts';
import type { Trials } from './rooms/trials.ts';

/** The media servers, and where sessions go among them. */
export interface Fleet {
  readonly nodes: Nodes;
  readonly loads: NodeLoads;
  readonly placement: Placement;
  readonly homecoming: Homecoming;
  /** The door by which servers come and go. */
  readonly roster: Roster;
}

export function createNodes(
  config: Config,
  { registry, metrics }: { readonly registry: Registry; readonly metrics: Metrics },
): Fleet {
  const nodes = new Nodes([]);
  const loads = new NodeLoads(registry);
  const placement = new Placement({ nodes, registry, loads, random: Math.random });
  const homecoming = new Homecoming({ registry, random: Math.random });
  const roster = new Roster({
    nodes,
    most: LIMITS.nodes,
    make: (settings, origin) =>
      nodes.add(createNode(settings, metrics), {
        limits: settings.limits ?? nodeLimits(config),
        announced: settings.announced,
        apiUrl: settings.apiUrl,
        origin,
      }),
  });
  for (const settings of config.nodes) roster.add('settings', settings);
  return { nodes, loads, placement, homecoming, roster };
}

/** The watch over the media servers, who hears of it, and both as one service. */
export function watchNodes(
  { nodes, homecoming, roster }: Fleet,
  parts: {
    readonly sessions: Sessions;
    readonly trials: Trials;
    readonly addresses: AddressDesk;
    readonly recorders: NodeRecorders;
    readonly nodeEvents: NodeEvents;
    readonly metrics: Metrics;
    readonly log: Logger;
    readonly now: () => number;
  },
): { readonly check: () => Promise<void>; readonly desk: FleetDesk; readonly service: Service } {
  const { sessions, addresses, recorders, nodeEvents, metrics } = parts;
  const watch = new NodeWatch({
    ...parts,
    nodes,
    onHealth: (healthy) => metrics.nodesHealthy.set(healthy),
    onReady: (known) => {
      void addresses.welcome(known.node);
      nodeEvents.ready(known);
      recorders.welcome(known.node);
    },
    onLost: (known) => nodeEvents.lost(known),
  });
  homecoming.use(sessions);
  const desk = new FleetDesk({
    ...parts,
    nodes,
    tell: (type, known) => nodeEvents.told(type, known),
    onDrained: (known) => roster.drained(known),
    onRemoved: (known) => roster.removed(known),
  });
  roster.use(desk);
  return {
    check: () => watch.check(),
    desk,
    service: {
      name: 'node watch',
      start: () => watch.start(),
      close: async () => {
        desk.close();
        homecoming.close();
        await watch.close();
      },
    },
  };
}
