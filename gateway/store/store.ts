/** What a column holds. Integers are safe integers; booleans are stored as 0 and 1. */
export type SqlValue = null | number | string | Uint8Array;

/** One row, by column name. */
export type Row = Readonly<Record<string, SqlValue>>;

/** One statement with its parameters, bound to its `?` in this order. */
export interface Statement {
  readonly sql: string;
  readonly params?: readonly SqlValue[];
  /** How many rows it must change; otherwise the whole write is undone with `conflict`. */
  readonly changes?: number;
}

/** What a statement did. */
export interface Written {
  readonly changes: number;
  /** The rowid of the last row that was inserted. */
  readonly lastId: number;
}

/**
 * - `conflict`: a unique key, a foreign key, a check, or a statement's `changes` forbids it;
 * - `full`: the disk is full;
 * - `busy`: too many operations wait already;
 * - `closed`: the store was closed;
 * - `failed`: anything else; the message says what.
 */
export type StoreErrorCode = 'conflict' | 'full' | 'busy' | 'closed' | 'failed';

/** The one error of a store. Its message names no values. */
export class StoreError extends Error {
  readonly code: StoreErrorCode;

  constructor(code: StoreErrorCode, message: string) {
    super(message);
    this.name = 'StoreError';
    this.code = code;
  }
}

/** A database in a file, worked on by a thread of its own: nothing here waits for the disk. */
export interface Store {
  /**
   * The rows of a query; it sees all that was written before.
   * @throws StoreError
   */
  all(sql: string, params?: readonly SqlValue[]): Promise<Row[]>;
  /**
   * Does all of it or nothing, in one transaction; durable when resolved. Writes that wait for each
   * other's disk are done together, and none is undone by another's failure.
   * @throws StoreError
   */
  write(statements: readonly Statement[]): Promise<Written[]>;
  /** Finishes what waits, then closes; what comes later is refused with `closed`. Idempotent. */
  close(): Promise<void>;
}
