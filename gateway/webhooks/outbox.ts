import { randomInt } from 'node:crypto';
import { z } from 'zod';
import { DeliveryDetail, DeliveryView, type DeliveryState } from '../protocol/api/webhooks.ts';
import type { Row, SqlValue, Statement, Store } from '../store/store.ts';
import type { Outcome } from './attempt.ts';

/** Deliveries that are over are kept so long, and so many of each endpoint. */
const KEPT_MS = 7 * 24 * 3_600_000;
const KEPT = 10_000;

/** Numbers of deliveries that a gateway has for itself, and how many such ranges 15 digits hold. */
const RANGE = 1e9;
const RANGES = 1e6;

/** An event for one endpoint, before it is written. */
export interface NewDelivery {
  readonly endpoint: string;
  readonly event: string;
  readonly type: string;
  /** '' of an event that belongs to no room. */
  readonly room: string;
  readonly body: string;
  readonly at: number;
}

/** A delivery that waits, as the dispatcher knows it. */
export interface Waiting {
  readonly seq: number;
  readonly endpoint: string;
  readonly room: string;
  readonly at: number;
  /** Epoch milliseconds; null: as soon as it is its turn. */
  readonly nextAt: number | null;
}

/** Which deliveries of an endpoint are asked for. */
export interface DeliveryQuery {
  readonly limit: number;
  /** Those before this one alone. */
  readonly before: number | undefined;
  readonly q: string | undefined;
  readonly state: DeliveryState | undefined;
}

const VIEW = `seq, event, type, room, state, attempts, created_at, next_at, done_at, status,
  duration_ms, detail`;
const INSERT = `INSERT INTO delivery (endpoint, event, type, room, body, state, created_at)
  VALUES (?, ?, ?, ?, ?, 'waiting', ?)`;

/** What is to be delivered, what was, and what became of it: rows of the store. */
export class Outbox {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
  }

  /** From now on deliveries have numbers that no other gateway gives, as good as surely. */
  async numberApart(): Promise<void> {
    const sql = `INSERT INTO sqlite_sequence (name, seq) SELECT 'delivery', ?
      WHERE NOT EXISTS (SELECT 1 FROM sqlite_sequence WHERE name = 'delivery')`;
    await this.#store.write([{ sql, params: [randomInt(1, RANGES) * RANGE] }]);
  }

  /** Keeps deliveries; resolves with their numbers once they outlive the process. */
  async add(deliveries: readonly NewDelivery[]): Promise<number[]> {
    const written = await this.#store.write(
      deliveries.map(({ endpoint, event, type, room, body, at }) => ({
        sql: INSERT,
        params: [endpoint, event, type, room, body, at],
      })),
    );
    return written.map(({ lastId }) => lastId);
  }

  /** All that wait, in their order. */
  async waiting(): Promise<Waiting[]> {
    const rows = await this.#store.all(
      `SELECT seq, endpoint, room, created_at AS at, next_at AS nextAt FROM delivery
       WHERE state = 'waiting' ORDER BY seq`,
    );
    return z.array(WaitingRow).parse(rows);
  }

  /** Undefined when it was deleted meanwhile. */
  async message(seq: number): Promise<z.infer<typeof MessageRow> | undefined> {
    const rows = await this.#store.all('SELECT event, body, attempts FROM delivery WHERE seq = ?', [
      seq,
    ]);
    return rows[0] && MessageRow.parse(rows[0]);
  }

  /** Notes an attempt; without `nextAt` the delivery is over. */
  async note(
    seq: number,
    { kind, status, durationMs, detail, answer }: Outcome,
    { at, nextAt }: { readonly at: number; readonly nextAt: number | null },
  ): Promise<void> {
    const over = kind === 'delivered' ? 'delivered' : 'dead';
    const state = nextAt === null ? over : 'waiting';
    const doneAt = nextAt === null ? at : null;
    await this.#store.write([
      {
        sql: `UPDATE delivery SET state = ?, attempts = attempts + 1, next_at = ?, done_at = ?,
              status = ?, duration_ms = ?, detail = ?, answer = ? WHERE seq = ?`,
        params: [state, nextAt, doneAt, status, durationMs, detail, answer, seq],
      },
    ]);
  }

  /** Gives up what waits for an endpoint since before a time. */
  async giveUp(endpoint: string, before: number, detail: string, at: number): Promise<void> {
    await this.#store.write([
      {
        sql: `UPDATE delivery SET state = 'dead', next_at = NULL, done_at = ?, detail = ?
              WHERE endpoint = ? AND state = 'waiting' AND created_at < ?`,
        params: [at, detail, endpoint, before],
      },
    ]);
  }

  /** Deletes what is over for long, and the oldest of too much. */
  async tidy(endpoints: readonly string[], now: number): Promise<void> {
    const tooMany = `DELETE FROM delivery WHERE endpoint = ?1 AND state <> 'waiting' AND seq <= (
      SELECT seq FROM delivery WHERE endpoint = ?1 AND state <> 'waiting'
      ORDER BY seq DESC LIMIT 1 OFFSET ${KEPT})`;
    const tooOld = `DELETE FROM delivery WHERE state <> 'waiting' AND done_at < ?`;
    await this.#store.write([
      { sql: tooOld, params: [now - KEPT_MS] },
      ...endpoints.map((endpoint): Statement => ({ sql: tooMany, params: [endpoint] })),
    ]);
  }

  /** The newest first; one more than asked for when there are more. */
  async list(
    endpoint: string,
    { limit, before, q, state }: DeliveryQuery,
  ): Promise<{ items: DeliveryView[]; total: number }> {
    const text = (q ?? '').toLowerCase();
    const where = `endpoint = ? AND (? IS NULL OR state = ?)
      AND (? = '' OR instr(lower(type || ' ' || room), ?) > 0)`;
    const params: SqlValue[] = [endpoint, state ?? null, state ?? null, text, text];
    const [rows, counted] = await Promise.all([
      this.#store.all(
        `SELECT ${VIEW} FROM delivery WHERE ${where} AND (? IS NULL OR seq < ?)
         ORDER BY seq DESC LIMIT ?`,
        [...params, before ?? null, before ?? null, limit + 1],
      ),
      this.#store.all(`SELECT count(*) AS total FROM delivery WHERE ${where}`, params),
    ]);
    return { items: rows.map(viewOf), total: Number(counted[0]?.['total'] ?? 0) };
  }

  /** Undefined when the endpoint has no such delivery. */
  async find(endpoint: string, seq: number): Promise<DeliveryDetail | undefined> {
    const rows = await this.#store.all(
      `SELECT ${VIEW}, body, answer FROM delivery WHERE endpoint = ? AND seq = ?`,
      [endpoint, seq],
    );
    const [row] = rows;
    if (row === undefined) return undefined;
    return DeliveryDetail.parse({ ...viewOf(row), body: row['body'], answer: row['answer'] });
  }
}

const WaitingRow = z.object({
  seq: z.number(),
  endpoint: z.string(),
  room: z.string(),
  at: z.number(),
  nextAt: z.number().nullable(),
});

const MessageRow = z.object({ event: z.string(), body: z.string(), attempts: z.number() });

const viewOf = (row: Row): DeliveryView =>
  DeliveryView.parse({
    id: String(row['seq']),
    event: row['event'],
    type: row['type'],
    room: row['room'] === '' ? null : row['room'],
    state: row['state'],
    attempts: row['attempts'],
    createdAt: row['created_at'],
    nextAt: row['next_at'],
    doneAt: row['done_at'],
    status: row['status'],
    durationMs: row['duration_ms'],
    detail: row['detail'],
  });
