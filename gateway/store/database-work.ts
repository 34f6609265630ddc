import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { failureOf } from './failure.ts';
import type { Operation, Outcome } from './messages.ts';
import { StoreError, type Row, type Statement, type Written } from './store.ts';

const KEPT_STATEMENTS = 256;

/** Does operations on a database in their order; writes beside each other share one commit. */
export class DatabaseWork {
  readonly #database: DatabaseSync;
  readonly #prepared = new Map<string, StatementSync>();

  constructor(database: DatabaseSync) {
    this.#database = database;
  }

  run(operations: readonly Operation[]): Outcome[] {
    const outcomes: Outcome[] = [];
    let writes: (readonly Statement[])[] = [];
    const commit = (): void => {
      if (writes.length > 0) outcomes.push(...this.#commit(writes));
      writes = [];
    };
    for (const operation of operations) {
      if (operation.kind === 'write') {
        writes.push(operation.statements);
        continue;
      }
      commit();
      outcomes.push(this.#read(operation));
    }
    commit();
    return outcomes;
  }

  #read({ sql, params }: Extract<Operation, { kind: 'all' }>): Outcome {
    try {
      return { rows: this.#prepare(sql).all(...params) as Row[] };
    } catch (error) {
      return { failure: failureOf(error) };
    }
  }

  #commit(writes: readonly (readonly Statement[])[]): Outcome[] {
    try {
      this.#database.exec('BEGIN IMMEDIATE');
      const outcomes = writes.map((statements) => this.#apart(statements));
      this.#database.exec('COMMIT');
      return outcomes;
    } catch (error) {
      if (this.#database.isTransaction) this.#database.exec('ROLLBACK');
      return writes.map(() => ({ failure: failureOf(error) }));
    }
  }

  /** @throws when the transaction as a whole is gone, as with a full disk. */
  #apart(statements: readonly Statement[]): Outcome {
    this.#database.exec('SAVEPOINT one');
    try {
      const written = statements.map((statement) => this.#write(statement));
      this.#database.exec('RELEASE one');
      return { written };
    } catch (error) {
      if (!this.#database.isTransaction) throw error;
      this.#database.exec('ROLLBACK TO one');
      this.#database.exec('RELEASE one');
      return { failure: failureOf(error) };
    }
  }

  #write({ sql, params = [], changes: expected }: Statement): Written {
    const result = this.#prepare(sql).run(...params);
    const changes = Number(result.changes);
    if (expected !== undefined && changes !== expected)
      throw new StoreError('conflict', `${changes} rows were changed instead of ${expected}`);
    return { changes, lastId: Number(result.lastInsertRowid) };
  }

  #prepare(sql: string): StatementSync {
    const known = this.#prepared.get(sql);
    if (known !== undefined) return known;
    if (this.#prepared.size >= KEPT_STATEMENTS) this.#prepared.clear();
    const statement = this.#database.prepare(sql);
    this.#prepared.set(sql, statement);
    return statement;
  }
}
