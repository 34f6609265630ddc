import { closeSync, mkdirSync, openSync, renameSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { isCorrupt } from './failure.ts';
import type { StoreSettings } from './messages.ts';
import { StoreError } from './store.ts';

const BUSY_MS = 5_000;
/** What the write-ahead log keeps on disk after it was copied into the file. */
const LOG_BYTES = 16 * 1024 * 1024;

export interface OpenedDatabase {
  readonly database: DatabaseSync;
  /** Where a damaged file was moved; null when it was sound or new. */
  readonly movedTo: string | null;
  readonly why: string;
}

/**
 * Opens the file (mode 0600, created when absent), checks it and brings it to the newest of `migrations`.
 * A damaged file is moved aside, and a new one begun.
 * @throws when it cannot be opened, or was written by a newer version.
 */
export function openDatabase(settings: StoreSettings): OpenedDatabase {
  mkdirSync(dirname(settings.file), { recursive: true, mode: 0o700 });
  closeSync(openSync(settings.file, 'a', 0o600));
  const damage = damageOf(settings);
  if (damage === null) return { database: prepare(settings), movedTo: null, why: '' };
  const movedTo = moveAside(settings.file);
  closeSync(openSync(settings.file, 'a', 0o600));
  return { database: prepare(settings), movedTo, why: damage };
}

function damageOf({ file }: StoreSettings): string | null {
  const database = new DatabaseSync(file, { timeout: BUSY_MS });
  try {
    const [row] = database.prepare('PRAGMA quick_check(1)').all();
    const found = String(row?.['quick_check'] ?? 'no answer');
    return found === 'ok' ? null : found;
  } catch (error) {
    if (isCorrupt(error) && error instanceof Error) return error.message;
    throw error;
  } finally {
    database.close();
  }
}

function prepare({ file, migrations, synchronous }: StoreSettings): DatabaseSync {
  const database = new DatabaseSync(file, { timeout: BUSY_MS });
  try {
    database.exec('PRAGMA journal_mode = WAL');
    database.exec(`PRAGMA synchronous = ${synchronous === 'full' ? 'FULL' : 'NORMAL'}`);
    database.exec(`PRAGMA journal_size_limit = ${LOG_BYTES}`);
    database.exec('PRAGMA trusted_schema = OFF');
    migrate(database, migrations);
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

function migrate(database: DatabaseSync, migrations: readonly string[]): void {
  const version = Number(database.prepare('PRAGMA user_version').get()?.['user_version']);
  if (version > migrations.length)
    throw new StoreError('failed', 'it was written by a newer version of PixelCast');
  for (const [index, migration] of migrations.entries()) {
    if (index < version) continue;
    database.exec('BEGIN IMMEDIATE');
    try {
      database.exec(migration);
      database.exec(`PRAGMA user_version = ${index + 1}`);
      database.exec('COMMIT');
    } catch (error) {
      if (database.isTransaction) database.exec('ROLLBACK');
      throw error;
    }
  }
}

function moveAside(file: string): string {
  const target = `${file}.damaged-${new Date().toISOString().replaceAll(/[:.]/g, '-')}`;
  renameSync(file, target);
  for (const part of ['-wal', '-shm']) {
    try {
      renameSync(file + part, target + part);
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
    }
  }
  return target;
}
