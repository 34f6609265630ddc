import { closeSync, mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import { pino } from 'pino';
import type { Logger } from './logger.ts';

/** Where audit records go. */
export interface AuditStream {
  readonly log: Logger;
  /** Opens the file anew, after it was moved away. */
  reopen(): void;
}

/**
 * JSON lines in a file of mode 0600; without one, lines of the log with `audit: true`. Both hold
 * whatever `LOG_LEVEL` says, short of `silent`.
 * @throws when the file cannot be opened.
 */
export function createAuditStream(log: Logger, file: string | undefined): AuditStream {
  if (file === undefined) {
    const level = log.level === 'silent' ? 'silent' : 'info';
    return { log: log.child({ audit: true }, { level }), reopen: () => undefined };
  }
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  closeSync(openSync(file, 'a', 0o600));
  const destination = pino.destination({ dest: file, sync: true });
  destination.on('error', (error: unknown) => log.error({ err: error }, 'audit record lost'));
  return {
    log: pino({ base: null, timestamp: pino.stdTimeFunctions.isoTime }, destination),
    reopen: () => destination.reopen(),
  };
}
