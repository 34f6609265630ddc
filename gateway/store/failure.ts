import type { Failure } from './messages.ts';
import { StoreError } from './store.ts';

const CORRUPT = 11;
const FULL = 13;
const CONSTRAINT = 19;
const NOT_A_DATABASE = 26;

/** SQLite's primary result code (https://www.sqlite.org/rescode.html); undefined for other errors. */
function resultCode(error: unknown): number | undefined {
  if (!(error instanceof Error) || !('errcode' in error)) return undefined;
  return typeof error.errcode === 'number' ? error.errcode & 0xff : undefined;
}

/** Whether the file is no database, or a damaged one. */
export function isCorrupt(error: unknown): boolean {
  const code = resultCode(error);
  return code === CORRUPT || code === NOT_A_DATABASE;
}

/** An error as it crosses the border of the thread. */
export function failureOf(error: unknown): Failure {
  if (error instanceof StoreError) return { code: error.code, message: error.message };
  const message = error instanceof Error ? error.message : String(error);
  const code = resultCode(error);
  if (code === CONSTRAINT) return { code: 'conflict', message };
  return { code: code === FULL ? 'full' : 'failed', message };
}
