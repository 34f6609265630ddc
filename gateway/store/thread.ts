import { parentPort, workerData } from 'node:worker_threads';
import { DatabaseWork } from './database-work.ts';
import { failureOf } from './failure.ts';
import type { FromThread, StoreSettings, ToThread } from './messages.ts';
import { openDatabase, type OpenedDatabase } from './open-database.ts';

const port = parentPort;
if (port === null) throw new Error('this is the thread of a store: open-store.ts starts it');

const tell = (message: FromThread): void => port.postMessage(message);

let opened: OpenedDatabase | undefined;
try {
  opened = openDatabase(workerData as StoreSettings);
} catch (error) {
  tell({ kind: 'refused', failure: failureOf(error) });
  port.close();
}
if (opened !== undefined) serve(opened);

function serve({ database, movedTo, why }: OpenedDatabase): void {
  const work = new DatabaseWork(database);
  port?.on('message', (message: ToThread) => {
    if (message === null) {
      database.close();
      port.close();
    } else tell({ kind: 'done', outcomes: work.run(message) });
  });
  tell({ kind: 'open', movedTo, why });
}
