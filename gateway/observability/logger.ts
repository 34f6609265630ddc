import { pino, type DestinationStream, type Logger as PinoLogger } from 'pino';
import pretty from 'pino-pretty';

/** JSON-lines logger: fields first, then a constant lower-case message. */
export type Logger = PinoLogger;

/** Members that hold a secret somewhere in what is logged; their values become `***`. */
const SECRET_PATHS = [
  'authorization',
  'token',
  'secret',
  'password',
  'location',
  'ticket',
  'sdp',
  'offer',
  'answer',
  'cookie',
].flatMap((name) => [name, `*.${name}`, `*.*.${name}`, `headers["${name}"]`]);

export interface LoggerOptions {
  readonly level: string;
  readonly format: 'auto' | 'json' | 'pretty';
  /** Where lines go; standard output when absent. */
  readonly destination?: DestinationStream;
}

/** The root logger. Members named like secrets are redacted down to two levels. */
export function createLogger(options: LoggerOptions): Logger {
  const settings = { level: options.level, redact: { paths: SECRET_PATHS, censor: '***' } };
  const readable =
    options.format === 'pretty' || (options.format === 'auto' && process.stdout.isTTY);
  if (options.destination !== undefined) return pino(settings, options.destination);
  if (!readable) return pino(settings);
  return pino(
    settings,
    pretty({ ignore: 'pid,hostname', translateTime: 'HH:MM:ss.l', sync: true }),
  );
}
