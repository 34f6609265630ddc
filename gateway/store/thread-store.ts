import { once } from 'node:events';
import type { Worker } from 'node:worker_threads';
import type { FromThread, Operation, Outcome } from './messages.ts';
import { StoreError, type Row, type SqlValue, type Statement, type Store } from './store.ts';
import type { Written } from './store.ts';

/** Operations that wait before more are refused. */
const MAX_WAITING = 20_000;
/** Operations given to the thread at once. */
const MAX_AT_ONCE = 500;

interface Waiting {
  readonly operation: Operation;
  readonly settle: (outcome: Outcome) => void;
}

type Opened = Exclude<FromThread, { kind: 'done' }>;

/** A store by the thread that has the file; one batch is with the thread, the others wait here. */
export class ThreadStore implements Store {
  /** How it was opened. */
  readonly opened: Promise<Opened>;
  readonly #worker: Worker;
  readonly #gone: Promise<unknown>;
  #waiting: Waiting[] = [];
  #underWay: readonly Waiting[] = [];
  #ready = false;
  #closing: Promise<void> | undefined;
  #idle: (() => void) | undefined;
  #failure: StoreError | undefined;

  constructor(worker: Worker) {
    this.#worker = worker;
    this.#gone = once(worker, 'exit');
    const { promise, resolve } = Promise.withResolvers<Opened>();
    this.opened = promise;
    const end = (message: string): void => {
      resolve({ kind: 'refused', failure: { code: 'failed', message } });
      this.#fail(new StoreError('failed', message));
    };
    worker.on('message', (message: FromThread) => {
      if (message.kind === 'done') {
        this.#done(message.outcomes);
        return;
      }
      this.#ready = message.kind === 'open';
      resolve(message);
      this.#next();
    });
    worker.on('error', (error) => end(error instanceof Error ? error.message : String(error)));
    worker.on('exit', () => end('its thread has ended'));
  }

  async all(sql: string, params: readonly SqlValue[] = []): Promise<Row[]> {
    const outcome = await this.#do({ kind: 'all', sql, params });
    return 'rows' in outcome ? outcome.rows : [];
  }

  async write(statements: readonly Statement[]): Promise<Written[]> {
    const outcome = await this.#do({ kind: 'write', statements });
    return 'written' in outcome ? outcome.written : [];
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #do(operation: Operation): Promise<Outcome> {
    if (this.#closing !== undefined) throw new StoreError('closed', 'the store is closed');
    if (this.#failure !== undefined) throw this.#failure;
    if (this.#waiting.length >= MAX_WAITING)
      throw new StoreError('busy', `${MAX_WAITING} operations wait for the disk already`);
    const { promise, resolve } = Promise.withResolvers<Outcome>();
    this.#waiting.push({ operation, settle: resolve });
    this.#next();
    const outcome = await promise;
    if ('failure' in outcome) throw new StoreError(outcome.failure.code, outcome.failure.message);
    return outcome;
  }

  #next(): void {
    if (!this.#ready || this.#underWay.length > 0) return;
    if (this.#waiting.length === 0) {
      this.#idle?.();
      return;
    }
    this.#underWay = this.#waiting.slice(0, MAX_AT_ONCE);
    this.#waiting = this.#waiting.slice(MAX_AT_ONCE);
    this.#worker.postMessage(this.#underWay.map(({ operation }) => operation));
  }

  #done(outcomes: readonly Outcome[]): void {
    const done = this.#underWay;
    this.#underWay = [];
    this.#next();
    for (const [index, { settle }] of done.entries()) {
      const outcome = outcomes[index];
      if (outcome !== undefined) settle(outcome);
    }
  }

  #fail(error: StoreError): void {
    this.#ready = false;
    this.#failure ??= error;
    const { code, message } = this.#failure;
    for (const { settle } of [...this.#underWay, ...this.#waiting])
      settle({ failure: { code, message } });
    this.#underWay = [];
    this.#waiting = [];
    this.#idle?.();
  }

  async #close(): Promise<void> {
    const isIdle = this.#underWay.length === 0 && this.#waiting.length === 0;
    if (!isIdle) {
      const { promise, resolve } = Promise.withResolvers<undefined>();
      this.#idle = () => resolve(undefined);
      await promise;
    }
    if (this.#ready) this.#worker.postMessage(null);
    await this.#gone;
  }
}
