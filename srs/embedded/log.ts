import { pino, type Logger } from 'pino';
import type { LogLevel } from './config.ts';

/** What the engine's parts log with: fields first, then a constant message. */
export type Log = Logger;

// 76 ms that a restart after a crash need not wait for.
const pretty = process.stdout.isTTY ? (await import('pino-pretty')).default : null;

/** JSON lines, or readable ones when a person's terminal is at the other end. */
export function createLog(level: LogLevel): Log {
  const options = { name: 'engine', level };
  // `sync` keeps pino out of worker threads, which node-datachannel does not survive.
  if (pretty !== null) return pino(options, pretty({ sync: true, ignore: 'pid,hostname' }));
  return pino(options, pino.destination({ dest: 1, sync: true }));
}
