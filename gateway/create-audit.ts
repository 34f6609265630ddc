import { join } from 'node:path';
import { AuditLog } from './audit/audit-log.ts';
import { AUDIT_MIGRATIONS, AuditStore } from './audit/audit-store.ts';
import { ConfigError, type Config } from './config/load.ts';
import { createAuditStream, type AuditStream } from './observability/audit-stream.ts';
import type { Logger } from './observability/logger.ts';
import { LateStore } from './store/late-store.ts';

/**
 * The audit log, and its newest records in `DATA_DIR` to be searched.
 * @throws ConfigError when the file of `AUDIT_LOG_FILE` cannot be opened.
 */
export function createAudit(
  config: Config,
  log: Logger,
  now: () => number,
): { readonly audit: AuditLog; readonly auditStore: AuditStore } {
  const auditStore = new AuditStore({
    store: new LateStore('audit', {
      file: join(config.DATA_DIR, 'audit.db'),
      migrations: AUDIT_MIGRATIONS,
      synchronous: 'normal',
      log,
    }),
    maxDays: config.AUDIT_MAX_DAYS,
    maxRecords: config.AUDIT_MAX_RECORDS,
    log,
    now,
  });
  return { audit: new AuditLog(openStream(config, log), auditStore), auditStore };
}

function openStream({ AUDIT_LOG_FILE: file }: Config, log: Logger): AuditStream {
  try {
    return createAuditStream(log, file);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new ConfigError([`AUDIT_LOG_FILE: cannot be opened: ${why}`]);
  }
}
