/** A table whose changes are noted, by the database itself: whoever writes to the file. */
export interface NotedTable {
  readonly name: string;
  /** Its primary key. */
  readonly key: string;
  /** Column that grows with each change that counts. */
  readonly version?: string;
  /** Column with the epoch milliseconds that rows of before are taken to be from. */
  readonly since: string;
}

/** What is noted of a row: `told` 0 not yet, 1 told, 2 being taken over from another gateway. */
const LEDGER = `
   CREATE TABLE changes (
     kind TEXT NOT NULL,
     id TEXT NOT NULL,
     version INTEGER NOT NULL,
     stamp INTEGER NOT NULL,
     gone INTEGER NOT NULL DEFAULT 0,
     told INTEGER NOT NULL DEFAULT 0,
     PRIMARY KEY (kind, id)
   ) STRICT, WITHOUT ROWID;
   CREATE INDEX changes_by_told ON changes (told, kind, id);`;

/** Epoch milliseconds and three more digits by lot, so that two gateways have no stamp in common. */
const NOW = `CAST(unixepoch('now', 'subsec') * 1000 AS INTEGER) * 1000 + abs(random() % 1000)`;

/** A migration that begins to note what changes in these tables. Never changed once it is released. */
export const changeLedger = (tables: readonly NotedTable[]): string =>
  [LEDGER, ...tables.flatMap((table) => [before(table), ...triggers(table)])].join('\n');

const before = ({ name, key, version, since }: NotedTable): string =>
  `INSERT INTO changes (kind, id, version, stamp)
   SELECT '${name}', ${key}, ${version ?? 0}, ${since} * 1000 FROM ${name};`;

const triggers = (table: NotedTable): string[] => [
  trigger(table, { event: 'INSERT', row: 'NEW', gone: 0 }),
  trigger(table, { event: 'UPDATE', row: 'NEW', gone: 0 }),
  trigger(table, { event: 'DELETE', row: 'OLD', gone: 1 }),
];

function trigger(
  { name, key, version }: NotedTable,
  { event, row, gone }: { event: string; row: 'NEW' | 'OLD'; gone: 0 | 1 },
): string {
  const rowVersion = version === undefined ? '0' : `${row}.${version}`;
  return `CREATE TRIGGER ${name}_${event.toLowerCase()} AFTER ${event} ON ${name}
   WHEN NOT EXISTS (SELECT 1 FROM changes WHERE kind = '${name}' AND id = ${row}.${key} AND told = 2)
   BEGIN
     INSERT INTO changes (kind, id, version, stamp, gone)
     VALUES ('${name}', ${row}.${key}, ${rowVersion}, ${NOW}, ${gone})
     ON CONFLICT (kind, id) DO UPDATE SET version = excluded.version,
       stamp = max(excluded.stamp, stamp + 1), gone = excluded.gone, told = 0;
   END;`;
}
