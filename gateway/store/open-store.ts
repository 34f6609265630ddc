import { Worker } from 'node:worker_threads';
import type { Logger } from '../observability/logger.ts';
import type { StoreSettings } from './messages.ts';
import { StoreError, type Store } from './store.ts';
import { ThreadStore } from './thread-store.ts';

export interface StoreOptions {
  /** Path of the file; its folder is created. `-wal` and `-shm` stand beside it while it is open. */
  readonly file: string;
  /** SQL of each version of the schema, oldest first; released ones never change. */
  readonly migrations: readonly string[];
  /** `full` by default; `normal` may lose the last writes when the machine loses power. */
  readonly synchronous?: StoreSettings['synchronous'];
  readonly log: Logger;
}

/**
 * Opens a database. A damaged file is moved aside (`….damaged-<time>`, said in the log) and a new one begun.
 * @throws StoreError when the file cannot be opened or was written by a newer version.
 */
export async function openStore(options: StoreOptions): Promise<Store> {
  const { file, migrations, synchronous = 'full', log } = options;
  const settings: StoreSettings = { file, migrations, synchronous };
  const worker = new Worker(new URL('./thread.ts', import.meta.url), {
    name: 'store',
    workerData: settings,
  });
  const store = new ThreadStore(worker);
  const opened = await store.opened;
  if (opened.kind === 'refused') {
    await store.close();
    const { code, message } = opened.failure;
    throw new StoreError(code, `${file} cannot be opened: ${message}`);
  }
  if (opened.movedTo !== null)
    log.error({ file, movedTo: opened.movedTo, why: opened.why }, 'damaged file moved aside');
  return store;
}
