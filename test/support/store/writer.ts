import { openStore } from '../../../gateway/store/open-store.ts';
import { createLogger } from '../../../gateway/observability/logger.ts';

/** Writes numbers to the file named by its argument and prints each once it is durable. */
const [file = ''] = process.argv.slice(2);
const log = createLogger({ level: 'silent', format: 'json' });
const migrations = ['CREATE TABLE number (value INTEGER PRIMARY KEY) STRICT'];
const store = await openStore({ file, migrations, log });
for (let value = 1; ; value += 1) {
  await store.write([{ sql: 'INSERT INTO number VALUES (?)', params: [value] }]);
  process.stdout.write(`${value}\n`);
}
