import type { Row, Statement, Store } from '../../store/store.ts';
import type { RowChange, SharedTable } from './shared-table.ts';

const UNTOLD = `SELECT kind, id, version, stamp, gone FROM changes WHERE told = 0 ORDER BY kind, id LIMIT ?`;

/** What one gateway knows of the tables that all share: its own database, whose triggers note changes. */
export class RowLedger {
  readonly tables: readonly SharedTable[];
  readonly #store: Store;

  constructor(store: Store, tables: readonly SharedTable[]) {
    this.#store = store;
    this.tables = tables;
  }

  /** What was changed here and not told yet, so many at most. */
  async untold(most: number): Promise<readonly RowChange[]> {
    const noted = await this.#store.all(UNTOLD, [most]);
    const rows = new Map<string, Row>();
    for (const { name, key, columns } of this.tables) {
      const ids = noted.filter(({ kind }) => kind === name).map(({ id }) => id);
      if (ids.length === 0) continue;
      const sql = `SELECT ${columns.join(', ')} FROM ${name} WHERE ${key} IN (SELECT value FROM json_each(?))`;
      for (const row of await this.#store.all(sql, [JSON.stringify(ids)])) {
        rows.set(`${name} ${String(row[key])}`, row);
      }
    }
    return noted.flatMap(({ kind, id, version, stamp, gone }) => {
      const row = gone === 1 ? null : rows.get(`${String(kind)} ${String(id)}`);
      // Deleted between the two questions: that is told next.
      if (row === undefined) return [];
      const base = { kind: String(kind), id: String(id) };
      return [{ ...base, version: Number(version), stamp: Number(stamp), row: row as never }];
    });
  }

  /** These were told, unless they changed meanwhile. */
  async told(changes: readonly RowChange[]): Promise<void> {
    await this.#write(changes.map(toldOf));
  }

  /** All is to be told anew. */
  async retell(): Promise<void> {
    await this.#store.write([{ sql: 'UPDATE changes SET told = 0' }]);
  }

  /** Takes over what is news here; returns that. */
  async take(changes: readonly RowChange[]): Promise<readonly RowChange[]> {
    const known = await this.#ranks(changes);
    const fresh = changes.filter((change) => {
      const own = known.get(`${change.kind} ${change.id}`);
      return own === undefined || (!own.gone && isOther(change, own));
    });
    const same = changes.filter((change) => !fresh.includes(change));
    await this.#write(same.map(toldOf));
    try {
      await this.#takeAll(fresh);
    } catch (error) {
      if (fresh.length < 2) throw error;
      // Two of them may not be beside each other.
      for (const change of fresh) await this.#takeAll([change]);
    }
    return fresh;
  }

  async #takeAll(changes: readonly RowChange[]): Promise<void> {
    const statements: Statement[] = [];
    for (const change of changes) statements.push(...(await this.#statements(change)));
    await this.#write(statements);
  }

  /** Forgets rows that were deleted long ago. */
  async tidy(now: number): Promise<void> {
    const old = this.tables.flatMap(({ name, rememberMs }) =>
      rememberMs === undefined ? [] : [{ name, before: (now - rememberMs) * 1000 }],
    );
    await this.#write(
      old.map(({ name, before }) => ({
        sql: 'DELETE FROM changes WHERE kind = ? AND gone = 1 AND stamp < ?',
        params: [name, before],
      })),
    );
  }

  async #ranks(changes: readonly RowChange[]): Promise<ReadonlyMap<string, Rank>> {
    const ids = JSON.stringify(changes.map(({ id }) => id));
    const rows = await this.#store.all(
      `SELECT kind, id, version, stamp, gone FROM changes WHERE (kind, id) IN
       (SELECT tables.value, ids.value FROM json_each(?) AS tables, json_each(?) AS ids)`,
      [JSON.stringify(this.tables.map(({ name }) => name)), ids],
    );
    return new Map(
      rows.map(({ kind, id, version, stamp, gone }) => [
        `${String(kind)} ${String(id)}`,
        { version: Number(version), stamp: Number(stamp), gone: gone === 1 },
      ]),
    );
  }

  async #statements(change: RowChange): Promise<Statement[]> {
    const table = this.tables.find(({ name }) => name === change.kind);
    if (table === undefined) return [];
    if (change.row === null) return remove(table, change);
    const { unique } = table;
    if (unique === undefined) return put(table, change);
    const { column, since } = unique;
    const [rival] = await this.#store.all(
      `SELECT ${table.key} AS id, ${since} AS since FROM ${table.name} WHERE ${column} = ? AND ${table.key} <> ?`,
      [change.row[column] ?? null, change.id],
    );
    if (rival === undefined) return put(table, change);
    const own = [Number(rival['since']), String(rival['id'])] as const;
    const theirs = [Number(change.row[since]), change.id] as const;
    const staysOwn = own[0] < theirs[0] || (own[0] === theirs[0] && own[1] < theirs[1]);
    if (staysOwn) return refuse(change);
    const drop = `DELETE FROM ${table.name} WHERE ${table.key} = ?`;
    return [{ sql: drop, params: [own[1]] }, ...put(table, change)];
  }

  async #write(statements: readonly Statement[]): Promise<void> {
    if (statements.length > 0) await this.#store.write(statements);
  }
}

interface Rank {
  readonly version: number;
  readonly stamp: number;
  readonly gone: boolean;
}

const isOther = ({ row, version, stamp }: RowChange, own: Rank): boolean =>
  row === null || version !== own.version || stamp !== own.stamp;

const toldOf = ({ kind, id, version, stamp }: RowChange): Statement => ({
  sql: 'UPDATE changes SET told = 1 WHERE kind = ? AND id = ? AND version = ? AND stamp = ?',
  params: [kind, id, version, stamp],
});

/** Keeps the table's triggers from noting what follows. */
function takeOver({ kind, id, version, stamp, row }: RowChange, merges: boolean): Statement {
  const newer = '(excluded.version, excluded.stamp) > (version, stamp)';
  const when = row === null || merges ? '' : ` AND ${newer}`;
  return {
    sql: `INSERT INTO changes (kind, id, version, stamp, gone, told) VALUES (?, ?, ?, ?, ?, 2)
          ON CONFLICT (kind, id) DO UPDATE SET version = max(version, excluded.version),
            stamp = iif(${newer}, excluded.stamp, stamp), gone = excluded.gone, told = 2
          WHERE gone = 0${when}`,
    params: [kind, id, version, stamp, row === null ? 1 : 0],
  };
}

const IS_TAKEN = `EXISTS (SELECT 1 FROM changes WHERE kind = ? AND id = ? AND told = 2)`;

function remove({ name, key }: SharedTable, change: RowChange): Statement[] {
  const { kind, id } = change;
  return [
    takeOver(change, false),
    { sql: `DELETE FROM ${name} WHERE ${key} = ? AND ${IS_TAKEN}`, params: [id, kind, id] },
    settle(change),
  ];
}

function put(table: SharedTable, change: RowChange): Statement[] {
  const { name, key, columns, merged } = table;
  const { kind, id, row } = change;
  const values = columns.map((column) => row?.[column] ?? null);
  const sets = merged ?? Object.fromEntries(columns.map((each) => [each, `excluded.${each}`]));
  const assigned = Object.entries(sets).map(([column, sql]) => `${column} = ${sql}`);
  const upsert: Statement = {
    sql: `INSERT INTO ${name} (${columns.join(', ')}) SELECT ${columns.map(() => '?').join(', ')}
          WHERE ${IS_TAKEN} ON CONFLICT (${key}) DO UPDATE SET ${assigned.join(', ')}`,
    params: [...values, kind, id],
  };
  if (merged === undefined) return [takeOver(change, false), upsert, settle(change)];
  const same = Object.keys(merged);
  const isSame = `EXISTS (SELECT 1 FROM ${name} WHERE ${key} = ? AND ${same.map((each) => `${each} IS ?`).join(' AND ')})`;
  const own: Statement = {
    // Made of both: the others are to have it as well.
    sql: `UPDATE changes SET told = 0, stamp = stamp + 1
          WHERE kind = ? AND id = ? AND told = 2 AND NOT ${isSame}`,
    params: [kind, id, id, ...same.map((column) => row?.[column] ?? null)],
  };
  return [takeOver(change, true), upsert, own, settle(change)];
}

const settle = ({ kind, id }: RowChange): Statement => ({
  sql: 'UPDATE changes SET told = 1 WHERE kind = ? AND id = ? AND told = 2',
  params: [kind, id],
});

/** The row cannot be beside one that is here: it is deleted at all. */
const refuse = ({ kind, id, version, stamp }: RowChange): Statement[] => [
  {
    sql: `INSERT INTO changes (kind, id, version, stamp, gone) VALUES (?, ?, ?, ?, 1)
          ON CONFLICT (kind, id) DO NOTHING`,
    params: [kind, id, version, stamp + 1],
  },
];
