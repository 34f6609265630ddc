import { Router, type Request, type Response } from 'express';
import type { AddressDesk } from '../../addresses/address-desk.ts';
import type { AdminAct, AuditLog } from '../../audit/audit-log.ts';
import type { NodeSettings } from '../../config/node-settings.ts';
import {
  addNode,
  cordonNode,
  drainNode,
  listNodes,
  probeNodes,
  removeNode,
  uncordonNode,
  type NodeEntry,
  type NodeView,
} from '../../protocol/api/nodes.ts';
import type { Roster } from '../../nodes/roster.ts';
import type { FleetDesk } from '../../rooms/fleet/fleet-desk.ts';
import type { NodeLoads } from '../../rooms/fleet/node-loads.ts';
import type { Placement } from '../../rooms/fleet/placement.ts';
import { isHealthy, type KnownNode, type Nodes } from '../../rooms/nodes.ts';
import type { AdminAccess } from '../admin-access.ts';
import { actOf } from '../audit-entry.ts';
import { serve } from './serve-operation.ts';

export interface NodeRouteDeps extends AdminAccess {
  readonly nodes: Nodes;
  readonly roster: Roster;
  /** @throws GatewayError `bad-request` */
  readonly settingsOf: (entry: NodeEntry) => NodeSettings;
  readonly loads: NodeLoads;
  readonly placement: Placement;
  readonly fleetDesk: FleetDesk;
  readonly addresses: AddressDesk;
  readonly audit: AuditLog;
}

/** `/api/v1/nodes`: for administrators of the gateway. */
export function nodeRoutes(deps: NodeRouteDeps): Router {
  const { fleetDesk, audit } = deps;
  const router = Router({ caseSensitive: true, strict: true });
  const acted = (
    { req, res }: { readonly req: Request; readonly res: Response },
    act: AdminAct['act'],
    target: AdminAct['target'],
  ): void => audit.acted(actOf(req, res, { act, target }));

  serve(router, deps, listNodes, () => ({ items: nodeViews(deps) }));
  serve(router, deps, addNode, (call) => {
    const known = deps.roster.add('api', deps.settingsOf(call.body));
    fleetDesk.brought(known, call.body);
    acted(call, 'node-added', { node: known.node.name });
    return nodeView(deps, known);
  });
  serve(router, deps, probeNodes, async () => {
    await deps.addresses.probe();
    return { items: nodeViews(deps) };
  });
  serve(router, deps, cordonNode, (call) => {
    const known = fleetDesk.find(call.params.node);
    fleetDesk.cordon(known);
    acted(call, 'node-cordoned', call.params);
    return nodeView(deps, known);
  });
  serve(router, deps, uncordonNode, (call) => {
    const known = fleetDesk.find(call.params.node);
    fleetDesk.uncordon(known);
    acted(call, 'node-uncordoned', call.params);
    return nodeView(deps, known);
  });
  serve(router, deps, drainNode, (call) => {
    const known = fleetDesk.find(call.params.node);
    const { afterSeconds, spreadSeconds } = call.body;
    fleetDesk.drain(known, { afterMs: afterSeconds * 1000, spreadMs: spreadSeconds * 1000 });
    acted(call, 'node-drained', { ...call.params, ...call.body });
    return nodeView(deps, known);
  });
  serve(router, deps, removeNode, async (call) => {
    const { force } = call.query;
    await fleetDesk.dismiss(fleetDesk.find(call.params.node), { force });
    acted(call, 'node-removed', { ...call.params, ...(force ? { force: 'yes' } : {}) });
    return undefined;
  });
  return router;
}

const nodeViews = (deps: NodeRouteDeps): NodeView[] =>
  deps.nodes.list().map((known) => nodeView(deps, known));

function nodeView(deps: NodeRouteDeps, known: KnownNode): NodeView {
  const { node, limits } = known;
  const { cpuShare, bitrate } = deps.loads.of(known);
  const drain = deps.fleetDesk.drainOf(known);
  return {
    node: node.name,
    origin: known.origin,
    version: known.identity?.version ?? null,
    healthy: isHealthy(known),
    detail: known.detail,
    sessions: deps.loads.sessionsAt(known),
    addresses: deps.addresses.view(node),
    trialError: deps.addresses.trialError(node),
    duty: known.duty,
    hold: known.hold,
    load: {
      strain: deps.placement.strainOf(known),
      full: deps.placement.isFull(known),
      ...{ cpuShare, maxCpuShare: limits.cpuShare },
      ...{ bitrate, maxBitrate: limits.bitrate },
      maxSessions: limits.sessions,
    },
    drain: drain && {
      ...{ phase: drain.phase, startedAt: drain.startedAt, deadlineAt: drain.deadlineAt },
      ...{ sessions: drain.sessions, left: drain.left },
    },
  };
}
