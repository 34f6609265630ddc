import { Router, type Request, type RequestHandler } from 'express';
import { z } from 'zod';
import type { PeerGateway } from '../../cluster/homes.ts';
import { listRecordings } from '../../protocol/api/recordings.ts';
import { listRooms } from '../../protocol/api/rooms.ts';
import { listSessions } from '../../protocol/api/sessions.ts';
import { readCursor, writeCursor } from '../api/cursor.ts';
import type { ClusterEdge } from './hand-on.ts';
import { deliveriesOf } from './merged-deliveries.ts';
import { isHandedOn } from './peer-entry.ts';
import { toldHeaders } from './told-headers.ts';

/** Longest wait for another gateway; what it has is left out then. */
const ASK_MS = 5_000;

const Item = z.record(z.string(), z.unknown());
const Page = z.object({
  items: z.array(Item),
  next: z.string().nullable().default(null),
  total: z.number().default(0),
});
type Page = z.infer<typeof Page>;

/** Where a list goes on: at a gateway, behind what it has shown. */
const Place = z.object({ gateway: z.string(), after: z.string().nullable() });
type Place = z.infer<typeof Place>;

/** Lists that are those of all gateways together. */
export function mergedLists(edge: ClusterEdge | undefined): Router {
  const router = Router({ caseSensitive: true, strict: true });
  if (edge === undefined) return router;
  const ask = async (req: Request, to: PeerGateway, query: URLSearchParams): Promise<Page> => {
    const url = new URL(req.path, to.url);
    // Without a query there must be no "?" either, or the pass is for another request.
    if (query.size > 0) url.search = query.toString();
    const headers = toldHeaders(req);
    return Page.parse(await edge.forwarder.ask(url, { headers, ms: ASK_MS, of: req }));
  };
  const merge =
    (together: (req: Request, all: readonly PeerGateway[], ask: Ask) => Promise<unknown>) =>
    (...[req, res, next]: Parameters<RequestHandler>): void => {
      const peers = edge.homes.peers();
      if (isHandedOn(req) || peers.length === 0) {
        next();
        return;
      }
      const all = [edge.own, ...peers].toSorted((a, b) => (a.name < b.name ? -1 : 1));
      const asked: Ask = (to, query) =>
        ask(req, to, query).catch((error: unknown) => {
          // Our own refusal is the answer.
          if (to === edge.own) throw error;
          return NOTHING;
        });
      together(req, all, asked).then(
        (list) => res.set('Cache-Control', 'no-store').json(list),
        () => {
          next();
        },
      );
    };
  router.get('/api/v1/rooms', merge(roomsOf));
  router.get('/api/v1/sessions', merge(sessionsOf));
  router.get('/api/v1/recordings', merge(recordingsOf));
  router.get('/api/v1/peers', merge(allOf));
  router.get('/api/v1/carriages', merge(allOf));
  router.get('/api/v1/webhooks/:id/deliveries', merge(deliveriesOf));
  router.get('/api/v1/nodes/:node/clients', merge(clientsOf));
  return router;
}

type Ask = (to: PeerGateway, query: URLSearchParams) => Promise<Page>;

const NOTHING: Page = { items: [], next: null, total: 0 };

const queryOf = (req: Request): URLSearchParams =>
  new URL(req.originalUrl, 'http://-').searchParams;

/** Rooms are in the order of their names, wherever they are. */
async function roomsOf(req: Request, all: readonly PeerGateway[], ask: Ask): Promise<Page> {
  const query = queryOf(req);
  const pages = await Promise.all(all.map((gateway) => ask(gateway, query)));
  const { limit } = listRooms.query.parse(Object.fromEntries(query));
  return inOrder(pages, { by: 'room', limit, isFirst: (a, b) => a < b });
}

/** Recordings are the newest first, whichever gateway holds them: their ids sort by time. */
async function recordingsOf(req: Request, all: readonly PeerGateway[], ask: Ask): Promise<Page> {
  const query = queryOf(req);
  const pages = await Promise.all(all.map((gateway) => ask(gateway, query)));
  const { limit } = listRecordings.query.parse(Object.fromEntries(query));
  return inOrder(pages, { by: 'id', limit, isFirst: (a, b) => a > b });
}

/** One page of several that have the same order; a thing at two gateways is shown once. */
function inOrder(
  pages: readonly Page[],
  how: { by: string; limit: number; isFirst: (one: string, other: string) => boolean },
): Page {
  const { by, limit, isFirst } = how;
  const all = new Map(pages.flatMap(({ items }) => items.map((item) => [textOf(item[by]), item])));
  const sorted = [...all].toSorted(([a], [b]) => (isFirst(a, b) ? -1 : 1));
  const shown = sorted.slice(0, limit);
  const isEnd = sorted.length <= limit && pages.every(({ next }) => next === null);
  return {
    items: shown.map(([, item]) => item),
    next: isEnd ? null : writeCursor(shown.at(-1)?.[0]),
    total: sum(pages),
  };
}

/** Sessions of one gateway after those of another; a page may be shorter than it was asked for. */
async function sessionsOf(req: Request, all: readonly PeerGateway[], ask: Ask): Promise<Page> {
  const query = queryOf(req);
  const cursor = query.get('cursor') ?? undefined;
  const from: Place = readCursor(cursor, Place) ?? { gateway: '', after: null };
  query.delete('cursor');
  const pages = await Promise.all(
    all.map(async (gateway) => {
      const own = new URLSearchParams(query);
      if (gateway.name === from.gateway && from.after !== null) own.set('cursor', from.after);
      return { gateway: gateway.name, page: await ask(gateway, own) };
    }),
  );
  const { limit } = listSessions.query.parse(Object.fromEntries(query));
  const items: Page['items'] = [];
  let next: Place | null = null;
  for (const { gateway, page } of pages) {
    if (gateway < from.gateway || next !== null) continue;
    if (items.length > 0 && items.length + page.items.length > limit) {
      next = { gateway, after: null };
      continue;
    }
    items.push(...page.items);
    if (page.next !== null) next = { gateway, after: page.next };
  }
  const total = sum(pages.map(({ page }) => page));
  return { items, next: next === null ? null : writeCursor(next), total };
}

/** The clients of a node are the same for all gateways; each knows the sessions that are its own. */
async function clientsOf(req: Request, all: readonly PeerGateway[], ask: Ask): Promise<Page> {
  const pages = await Promise.all(all.map((gateway) => ask(gateway, queryOf(req))));
  const sessions = new Map<unknown, unknown>();
  for (const { id, session } of pages.flatMap(({ items }) => items)) {
    if (session !== null) sessions.set(id, session);
  }
  const page = pages.find((each) => each !== NOTHING) ?? NOTHING;
  const items = page.items.map((each) => ({ ...each, session: sessions.get(each['id']) ?? null }));
  return { ...page, items };
}

/** Lists without pages. */
async function allOf(req: Request, all: readonly PeerGateway[], ask: Ask) {
  const pages = await Promise.all(all.map((gateway) => ask(gateway, queryOf(req))));
  return { items: pages.flatMap(({ items }) => items) };
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

const sum = (pages: readonly Page[]): number => pages.reduce((all, { total }) => all + total, 0);
