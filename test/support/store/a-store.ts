import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { createLogger, type Logger } from '../../../gateway/observability/logger.ts';
import { openStore, type StoreOptions } from '../../../gateway/store/open-store.ts';
import type { Store } from '../../../gateway/store/store.ts';
import { aFolder } from '../gateway/start-gateway.ts';

/** A logger that keeps its lines. */
export function aKeepingLogger(): { log: Logger; lines: string[] } {
  const lines: string[] = [];
  const destination = { write: (line: string) => void lines.push(line) };
  return { log: createLogger({ level: 'debug', format: 'json', destination }), lines };
}

/** A store in a folder of its own unless told; closed when the test ends. */
export async function aStore(
  migrations: readonly string[],
  options: Partial<StoreOptions> = {},
): Promise<Store> {
  const { log } = aKeepingLogger();
  const file = join(aFolder(), 'test.db');
  const store = await openStore({ file, migrations, log, ...options });
  onTestFinished(() => store.close());
  return store;
}
