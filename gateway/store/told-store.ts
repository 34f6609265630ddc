import type { Row, SqlValue, Statement, Store, Written } from './store.ts';

/** Hears of writes. Neither rejects, and both end soon: every write waits for them. */
export interface WriteListener {
  /** Before it is written: what comes from elsewhere is to be there first. */
  settled(): Promise<void>;
  /** It was written. */
  written(): Promise<void>;
}

/** A store that says when something is written, and waits for what follows from it. */
export class ToldStore implements Store {
  readonly #store: Store;
  #listener: WriteListener | undefined;

  constructor(store: Store) {
    this.#store = store;
  }

  use(listener: WriteListener): void {
    this.#listener = listener;
  }

  async all(sql: string, params?: readonly SqlValue[]): Promise<Row[]> {
    return await this.#store.all(sql, params);
  }

  async write(statements: readonly Statement[]): Promise<Written[]> {
    await this.#listener?.settled();
    const written = await this.#store.write(statements);
    await this.#listener?.written();
    return written;
  }

  async close(): Promise<void> {
    await this.#store.close();
  }
}
