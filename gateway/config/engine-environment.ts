import { join } from 'node:path';
import type { Config } from './load.ts';
import { ENGINE_SPOOL, recordingsFolder } from './recording-settings.ts';

/** The embedded engine has fewer log levels than we. */
const ENGINE_LEVEL = {
  fatal: 'error',
  error: 'error',
  warn: 'warn',
  info: 'warn',
  debug: 'info',
  trace: 'debug',
  silent: 'silent',
} as const satisfies Record<Config['LOG_LEVEL'], string>;

/**
 * The environment of the embedded engine: its API on any free loopback port with our password, the
 * media port and addresses of our settings, hooks to us, and nothing else of our environment but
 * what a process needs to start.
 */
export function engineEnvironment(config: Config, hooksUrl: string): Record<string, string> {
  const { RECORDING: recording } = config;
  const spool = join(recordingsFolder(config), ENGINE_SPOOL);
  const { PATH = '', HOME = '', SystemRoot = '' } = process.env;
  return {
    PATH,
    HOME,
    SystemRoot,
    ENGINE_API_HOST: '127.0.0.1',
    ENGINE_API_PORT: '0',
    ENGINE_API_USER: 'gateway',
    ENGINE_API_PASSWORD: config.nodePassword.reveal(),
    ENGINE_HOOKS_URL: hooksUrl,
    MEDIA_PORT: String(config.MEDIA_PORT),
    MEDIA_CANDIDATE: [...new Set(config.MEDIA_CANDIDATE.flat().map(({ host }) => host))].join(','),
    ...(recording === 'off'
      ? {}
      : {
          ENGINE_DVR_PATH: `${spool}/[app]/[stream].[timestamp].mp4`,
          ENGINE_DVR_APPLY: recording === 'all' ? 'all' : 'none',
        }),
    LOG_LEVEL: ENGINE_LEVEL[config.LOG_LEVEL],
  };
}
