import { pino, type Logger } from 'pino';
import pretty from 'pino-pretty';
import type { LogLevel } from './config.ts';

/** What the engine's parts log with: fields first, then a constant message. */
export type Log = Logger;

/** JSON lines, or readable ones when a person's terminal is at the other end. */
export function createLog(level: LogLevel): Log {
  const name = 'engine';
  // `sync` keeps pino out of worker threads, which node-datachannel does not survive.
  if (process.stdout.isTTY)
    return pino({ name, level }, pretty({ sync: true, ignore: 'pid,hostname' }));
  return pino({ name, level }, pino.destination({ dest: 1, sync: true }));
}
