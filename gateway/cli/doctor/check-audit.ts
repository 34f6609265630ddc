import { accessSync, constants, existsSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Config } from '../../config/load.ts';
import { failed, ok, warning, type Check } from './check.ts';

/** Whether what happens can be written down: the file for records, and those that can be searched. */
export function checkAudit({ AUDIT_LOG_FILE: file, DATA_DIR: folder }: Config): readonly Check[] {
  return [checkFile(file), checkRecords(join(folder, 'audit.db'))];
}

function checkFile(file: string | undefined): Check {
  const name = 'audit log';
  if (file === undefined) return ok(name, 'goes with the log; AUDIT_LOG_FILE would keep it apart.');
  const target = existsSync(file) ? file : dirname(file);
  try {
    accessSync(target, constants.W_OK);
  } catch {
    return failed(name, `${target} cannot be written by this user: AUDIT_LOG_FILE names it.`);
  }
  if (existsSync(file) && (statSync(file).mode & 0o077) !== 0) {
    return warning(name, `${file} can be read by others: chmod 600 it.`);
  }
  return ok(name, `${file} can be written.`);
}

function checkRecords(file: string): Check {
  const name = 'audit records';
  if (!existsSync(file)) return ok(name, 'none yet; they begin with the first start.');
  try {
    const database = new DatabaseSync(file, { readOnly: true, timeout: 5_000 });
    const [row] = database.prepare('PRAGMA quick_check(1)').all();
    database.close();
    const found = String(row?.['quick_check'] ?? 'no answer');
    if (found === 'ok') return ok(name, `${file} is sound.`);
    return failed(name, `${file} is damaged (${found}): it is moved aside at the next start.`);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return failed(name, `${file} cannot be read: ${why}.`);
  }
}
