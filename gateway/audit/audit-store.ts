import { LIMITS } from '../limits/limits.ts';
import type { Logger } from '../observability/logger.ts';
import { AuditView } from '../protocol/api/audit.ts';
import type { LateStore } from '../store/late-store.ts';
import type { Row, SqlValue, Statement } from '../store/store.ts';
import type { AdminAct, AuditShelf, ControlEntry, HostCommanded } from './audit-log.ts';
import {
  actRecord,
  commandRecord,
  controlRecord,
  countRecord,
  refusalRecord,
  type AuditRecord,
} from './audit-record.ts';
import type { Refusal } from './refusal.ts';
import type { RefusalCount } from './refusal-tally.ts';

/** Records of this time are written at once. */
const FLUSH_MS = 200;
const TRIM_MS = 600_000;
const DAY_MS = 24 * 3_600_000;

/** The schema of `audit.db`, by versions. */
export const AUDIT_MIGRATIONS = [
  `CREATE TABLE record (
     seq INTEGER PRIMARY KEY AUTOINCREMENT,
     at INTEGER NOT NULL,
     act TEXT NOT NULL,
     by TEXT,
     room TEXT,
     address TEXT,
     request TEXT,
     detail TEXT NOT NULL
   ) STRICT;
   CREATE INDEX record_at ON record (at);`,
];

const INSERT = `INSERT INTO record (at, act, by, room, address, request, detail)
  VALUES (?, ?, ?, ?, ?, ?, ?)`;

/** Which records are asked for; `before`: those with a smaller number alone. */
export interface AuditQuery {
  readonly limit: number;
  readonly before: number | undefined;
  readonly q: string | undefined;
  readonly by: string | undefined;
  readonly act: string | undefined;
  readonly since: number | undefined;
  readonly until: number | undefined;
}

export interface AuditStoreParts {
  readonly store: Pick<LateStore, 'start' | 'all' | 'write' | 'close'>;
  readonly maxDays: number;
  readonly maxRecords: number;
  readonly log: Logger;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

/** The audit log to be searched: written behind, the newest kept. In a flood the log alone has all. */
export class AuditStore implements AuditShelf {
  readonly #parts: AuditStoreParts;
  #unwritten: Statement[] = [];
  #dropped = 0;
  #timer: NodeJS.Timeout | undefined;
  #trimmer: NodeJS.Timeout | undefined;
  #writing: Promise<void> | undefined;
  #opening: Promise<void> | undefined;

  constructor(parts: AuditStoreParts) {
    this.#parts = parts;
  }

  start(): void {
    this.#trimmer = setInterval(() => void this.trim(), TRIM_MS);
    this.#opening = this.#open();
  }

  refused(refusal: Refusal): void {
    this.add(refusalRecord(refusal));
  }

  counted(count: RefusalCount): void {
    this.add(countRecord(count));
  }

  acted(act: AdminAct): void {
    this.add(actRecord(act));
  }

  commanded(command: HostCommanded): void {
    this.add(commandRecord(command));
  }

  controlled(entry: ControlEntry): void {
    this.add(controlRecord(entry));
  }

  /** Takes a record at once; it is found a moment later. */
  add({ act, by, room, address, request, detail }: AuditRecord): void {
    if (this.#unwritten.length >= LIMITS.auditUnwritten) {
      this.#dropped += 1;
      return;
    }
    const at = this.#parts.now();
    const params = [at, act, by, room, address, request, JSON.stringify(detail)];
    this.#unwritten.push({ sql: INSERT, params });
    this.#timer ??= setTimeout(() => void this.#flush(), FLUSH_MS);
  }

  /** The newest first; one more than asked for when there are more. */
  async find(query: AuditQuery): Promise<{ items: AuditView[]; total: number }> {
    await this.#flush();
    const { limit, before, by, act, since, until } = query;
    const text = (query.q ?? '').toLowerCase();
    const where = `(?1 IS NULL OR by = ?1) AND (?2 IS NULL OR act = ?2)
      AND at >= ?3 AND at <= ?4
      AND (?5 = '' OR instr(lower(concat_ws(' ', act, by, room, address, request, detail)), ?5) > 0)`;
    const params: SqlValue[] = [
      by ?? null,
      act ?? null,
      since ?? 0,
      until ?? Number.MAX_SAFE_INTEGER,
      text,
    ];
    const [rows, counted] = await Promise.all([
      this.#parts.store.all(
        `SELECT * FROM record WHERE ${where} AND (?6 IS NULL OR seq < ?6) ORDER BY seq DESC LIMIT ?7`,
        [...params, before ?? null, limit + 1],
      ),
      this.#parts.store.all(`SELECT count(*) AS total FROM record WHERE ${where}`, params),
    ]);
    return { items: rows.map(viewOf), total: Number(counted[0]?.['total'] ?? 0) };
  }

  /** Deletes what is too old, and the oldest of too many. */
  async trim(): Promise<void> {
    const { store, maxDays, maxRecords, now, log } = this.#parts;
    const tooMany = `DELETE FROM record WHERE seq <= (
      SELECT seq FROM record ORDER BY seq DESC LIMIT 1 OFFSET ?)`;
    try {
      await store.write([
        { sql: 'DELETE FROM record WHERE at < ?', params: [now() - maxDays * DAY_MS] },
        { sql: tooMany, params: [maxRecords] },
      ]);
    } catch (error) {
      log.error({ err: error }, 'audit records not trimmed');
    }
  }

  /** Writes what is there. */
  async close(): Promise<void> {
    clearInterval(this.#trimmer);
    await this.#flush();
    await this.#parts.store.close();
  }

  async #open(): Promise<void> {
    try {
      await this.#parts.store.start();
    } catch (error) {
      this.#parts.log.error({ err: error }, 'audit.db not opened');
      return;
    }
    void this.trim();
  }

  async #flush(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    await this.#opening;
    await this.#writing;
    const batch = this.#unwritten;
    if (batch.length === 0) return;
    this.#unwritten = [];
    this.#writing = this.#write(batch);
    await this.#writing;
  }

  async #write(batch: readonly Statement[]): Promise<void> {
    const { store, log } = this.#parts;
    try {
      await store.write(batch);
    } catch (error) {
      this.#dropped += batch.length;
      log.error({ err: error }, 'audit records not written');
    }
    if (this.#dropped > 0) log.warn({ records: this.#dropped }, 'audit records in the log alone');
    this.#dropped = 0;
  }
}

const viewOf = (row: Row): AuditView =>
  AuditView.parse({ ...row, id: String(row['seq']), detail: parsed(row) });

const parsed = (row: Row): unknown => JSON.parse(String(row['detail']));
