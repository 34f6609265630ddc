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
import { Relays } from './carriage/relays.ts';
import { Carriages } from './rooms/fleet/carriages.ts';
import { CarriedPlaces } from './rooms/fleet/carried-places.ts';
import { FleetDesk } from './rooms/fleet/fleet-desk.ts';
import { Homecoming } from './rooms/fleet/homecoming.ts';
import type { NodeCount } from './rooms/fleet/node-count.ts';
import { NodeLoads } from './rooms/fleet/node-loads.ts';
import { Placement } from './rooms/fleet/placement.ts';
import { NodeWatch } from './rooms/node-watch.ts';
import { Nodes, type KnownNode } from './rooms/nodes.ts';
import type { Registry } from './rooms/registry.ts';
import type { IsElsewhere } from './rooms/roll-call.ts';
import type { Sessions } from './rooms/sessions.ts';
import type { Trials } from './rooms/trials.ts';

import { relayEnvironment } from './config/relay-environment.ts';
/** The media servers, and where sessions go among them. */
export interface Fleet {
  readonly nodes: Nodes;
  readonly loads: NodeLoads;
  readonly placement: Placement;
  readonly homecoming: Homecoming;
  readonly carriages: Carriages;
  readonly relays: Relays;
  /** The door by which servers come and go. */
  readonly roster: Roster;
}

export function createNodes(
  config: Config,
  parts: {
    readonly registry: Registry;
    readonly metrics: Metrics;
    /** What other gateways have at a node. */
    readonly elsewhereAt: (known: KnownNode) => NodeCount;
    readonly log: Logger;
    readonly now: () => number;
  },
): Fleet {
  const { registry, metrics } = parts;
  const nodes = new Nodes([]);
  const carried = new CarriedPlaces();
  const loads = new NodeLoads(registry, carried, parts.elsewhereAt);
  const placement = new Placement({ nodes, registry, loads, carried, random: Math.random });
  const homecoming = new Homecoming({ registry, carried, random: Math.random });
  const relays = new Relays(relayEnvironment(), parts.log);
  const carriages = new Carriages({
    ...{ nodes, registry, placement, relays, log: parts.log, now: parts.now },
    places: carried,
    rules: { isOn: config.NODE_CARRY, idleMs: config.NODE_CARRY_IDLE_SECONDS * 1000 },
    onEnded: (source) => homecoming.gather(source),
  });
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
  return { nodes, loads, placement, homecoming, carriages, relays, roster };
}

/** The watch over the media servers, who hears of it, and both as one service. */
export function watchNodes(
  { nodes, homecoming, carriages, relays, roster }: Fleet,
  parts: {
    readonly sessions: Sessions;
    readonly trials: Trials;
    readonly addresses: AddressDesk;
    readonly recorders: NodeRecorders;
    readonly nodeEvents: NodeEvents;
    /** Whether a client may be another gateway's. */
    readonly isElsewhere: IsElsewhere;
    readonly elsewhereAt: (known: KnownNode) => NodeCount;
    readonly metrics: Metrics;
    readonly log: Logger;
    readonly now: () => number;
  },
): { readonly check: () => Promise<void>; readonly desk: FleetDesk; readonly service: Service } {
  const { sessions, addresses, recorders, nodeEvents, metrics } = parts;
  const watch = new NodeWatch({
    ...parts,
    nodes,
    carriages,
    onHealth: (healthy) => metrics.nodesHealthy.set(healthy),
    onReady: (known) => {
      // Whoever answers anew may be a new run, which knows nothing of the former one.
      carriages.restarted(known);
      void addresses.welcome(known.node);
      nodeEvents.ready(known);
      recorders.welcome(known.node);
    },
    onLost: (known) => {
      carriages.lost(known.node);
      nodeEvents.lost(known);
    },
  });
  homecoming.use(sessions);
  const desk = new FleetDesk({
    ...parts,
    nodes,
    sessionsElsewhere: (known) => parts.elsewhereAt(known).sessions,
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
        await carriages.close();
        await relays.close();
        await watch.close();
      },
    },
  };
}
