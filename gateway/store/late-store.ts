import type { Service } from '../lifecycle.ts';
import { openStore, type StoreOptions } from './open-store.ts';
import {
  StoreError,
  type Row,
  type SqlValue,
  type Statement,
  type Store,
  type Written,
} from './store.ts';

/** A store that can be handed on before it is open: it opens with the services of the gateway. */
export class LateStore implements Store, Service {
  readonly name: string;
  readonly #options: StoreOptions;
  #store: Store | undefined;

  /** `name` is told when it cannot be closed. */
  constructor(name: string, options: StoreOptions) {
    this.name = name;
    this.#options = options;
  }

  /** @throws StoreError as `openStore` does */
  async start(): Promise<void> {
    this.#store = await openStore(this.#options);
  }

  async all(sql: string, params?: readonly SqlValue[]): Promise<Row[]> {
    return await this.#opened().all(sql, params);
  }

  async write(statements: readonly Statement[]): Promise<Written[]> {
    return await this.#opened().write(statements);
  }

  async close(): Promise<void> {
    await this.#store?.close();
  }

  #opened(): Store {
    if (this.#store === undefined) throw new StoreError('closed', 'the store is not open yet');
    return this.#store;
  }
}
