import type { Request } from 'express';
import { z } from 'zod';
import type { PeerGateway } from '../../cluster/homes.ts';
import { listDeliveries } from '../../protocol/api/webhooks.ts';
import { readCursor, writeCursor } from '../api/cursor.ts';

interface Page {
  readonly items: readonly Record<string, unknown>[];
  readonly next: string | null;
  readonly total: number;
}

/** By gateway: the last of its deliveries that was shown. */
const Shown = z.record(z.string(), z.int());

const Entry = z.object({ id: z.coerce.number(), createdAt: z.number() });

/** Deliveries of one webhook, the newest first, whichever gateway sends them. */
export async function deliveriesOf(
  req: Request,
  all: readonly PeerGateway[],
  ask: (to: PeerGateway, query: URLSearchParams) => Promise<Page>,
): Promise<Page> {
  const query = new URL(req.originalUrl, 'http://-').searchParams;
  const shown = readCursor(query.get('cursor') ?? undefined, Shown) ?? {};
  query.delete('cursor');
  const { limit } = listDeliveries.query.parse(Object.fromEntries(query));
  const pages = await Promise.all(
    all.map(async ({ name, ...to }) => {
      const own = new URLSearchParams(query);
      if (shown[name] !== undefined) own.set('cursor', writeCursor(shown[name]));
      return { name, page: await ask({ name, ...to }, own) };
    }),
  );
  const found = pages
    .flatMap(({ name, page }) => page.items.map((item) => ({ name, item, ...Entry.parse(item) })))
    .toSorted((a, b) => b.createdAt - a.createdAt);
  const here = found.slice(0, limit);
  const last = { ...shown };
  for (const { name, id } of here) last[name] = id;
  const isEnd = found.length <= limit && pages.every(({ page }) => page.next === null);
  return {
    items: here.map(({ item }) => item),
    next: isEnd ? null : writeCursor(last),
    total: pages.reduce((sum, { page }) => sum + page.total, 0),
  };
}
