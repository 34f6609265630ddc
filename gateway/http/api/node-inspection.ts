import { Router } from 'express';
import { z } from 'zod';
import { GatewayError } from '../../errors.ts';
import type { MediaNode } from '../../media/node.ts';
import {
  getNodeSummary,
  listNodeClients,
  listNodeStreams,
  listNodeVhosts,
} from '../../protocol/api/node-inspection.ts';
import type { Page, PageQuery } from '../../protocol/api/page.ts';
import type { KnownNode, Nodes } from '../../rooms/nodes.ts';
import type { Sessions } from '../../rooms/sessions.ts';
import type { AdminAccess } from '../admin-access.ts';
import { readCursor, writeCursor } from './cursor.ts';
import { pageOfNames } from './name-page.ts';
import { serve } from './serve-operation.ts';

export interface NodeInspectionDeps extends AdminAccess {
  readonly sessions: Sessions;
  readonly nodes: Nodes;
}

/** `/api/v1/nodes/:node/…`: what media servers tell of themselves, and nothing else of their API. */
export function nodeInspectionRoutes(deps: NodeInspectionDeps): Router {
  const { registry } = deps.sessions;
  const router = Router({ caseSensitive: true, strict: true });
  const askOf = (name: string): MediaNode['inspection'] => knownNode(deps, name).node.inspection;

  serve(router, deps, getNodeSummary, ({ params: { node } }) => askOf(node).summary());
  serve(router, deps, listNodeStreams, async ({ params: { node }, query }) =>
    pageOf(await askOf(node).streams(), query, ({ id, path }) => [id, path]),
  );
  serve(router, deps, listNodeVhosts, async ({ params: { node }, query }) =>
    pageOf(await askOf(node).vhosts(), query, ({ id, name }) => [id, name]),
  );
  serve(router, deps, listNodeClients, async ({ params, query }) => {
    const { node, identity } = knownNode(deps, params.node);
    const service = identity?.service ?? '';
    const clients = await node.inspection.clients();
    const { items, ...page } = pageOf(clients, query, ({ id, path, address }) => [
      ...[id, path, address],
    ]);
    const named = items.map((client) => ({
      ...client,
      session: registry.byPlace({ service, clientId: client.id })?.id ?? null,
    }));
    return { items: named, ...page };
  });
  return router;
}

function knownNode({ nodes }: NodeInspectionDeps, name: string): KnownNode {
  const known = nodes.list().find(({ node }) => node.name === name);
  if (known === undefined) throw new GatewayError('not-found', 'There is no such media server.');
  return known;
}

/** A page of a whole list by id, which stays where it is while others come and go. */
function pageOf<T extends { readonly id: string }>(
  list: readonly T[],
  { cursor, limit, q = '' }: PageQuery,
  wordsOf: (item: T) => readonly string[],
): Page<T> {
  const text = q.toLowerCase();
  const found = new Map(
    list
      .filter((item) => wordsOf(item).some((word) => word.toLowerCase().includes(text)))
      .map((item) => [item.id, item]),
  );
  const after = readCursor(cursor, z.string());
  const { names, next, total } = pageOfNames(found.keys(), { after, limit });
  return {
    items: names.flatMap((id) => found.get(id) ?? []),
    next: next === null ? null : writeCursor(next),
    total,
  };
}
