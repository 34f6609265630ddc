import { z } from 'zod';
import type { Grant } from '../auth/grant.ts';
import type { RoomId } from '../protocol/ids.ts';
import type { Row, SqlValue, Store } from '../store/store.ts';

/** Where a list goes on: after the row of this time and id. */
export const RowPlace = z.tuple([z.number(), z.string()]);
export type RowPlace = z.infer<typeof RowPlace>;

/** What of a table with `room`, `search`, `created_at` and `id` is wanted, the newest first. */
export interface RowQuery {
  /** Rooms that may be seen. */
  readonly rooms: Grant['room'];
  readonly room?: RoomId | undefined;
  /** Plain text, in any case of letters. */
  readonly q?: string | undefined;
  readonly after?: RowPlace | undefined;
  readonly limit: number;
  /** Only what has not run out by then, in epoch milliseconds. */
  readonly aliveAt?: number | undefined;
}

export interface RowPage {
  readonly rows: readonly Row[];
  readonly next: RowPlace | null;
  readonly total: number;
}

/** One page of a table, and how many rows the query finds in all. */
export async function pageOfRows(
  store: Store,
  table: 'invitations' | 'tokens',
  query: RowQuery,
): Promise<RowPage> {
  const { conditions, params } = conditionsOf(query);
  const where = conditions.join(' AND ');
  const { after, limit } = query;
  const [on, place] = after === undefined ? ['', []] : [' AND (created_at, id) < (?, ?)', after];
  const [[count], found] = await Promise.all([
    store.all(`SELECT count(*) AS total FROM ${table} WHERE ${where}`, params),
    store.all(
      `SELECT * FROM ${table} WHERE ${where}${on} ORDER BY created_at DESC, id DESC LIMIT ?`,
      [...params, ...place, limit + 1],
    ),
  ]);
  const rows = found.slice(0, limit);
  const last = rows.at(-1);
  const next = found.length > limit ? RowPlace.parse([last?.['created_at'], last?.['id']]) : null;
  return { rows, next, total: Number(count?.['total']) };
}

/** What `search` holds, and is looked for in it. */
export const searchText = (...texts: readonly string[]): string => texts.join('\n').toLowerCase();

function conditionsOf({ rooms, room, q, aliveAt }: RowQuery) {
  const conditions = ['1'];
  const params: SqlValue[] = [];
  const add = (condition: string, value: SqlValue): void => {
    conditions.push(condition);
    params.push(value);
  };
  if (rooms !== '*') {
    add('room IN (SELECT value FROM json_each(?))', JSON.stringify([rooms].flat()));
  }
  if (room !== undefined) add('room = ?', room);
  if (q !== undefined && q !== '') add('instr(search, ?) > 0', searchText(q));
  if (aliveAt !== undefined) add('expires_at > ?', aliveAt);
  return { conditions, params };
}
