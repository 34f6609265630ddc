import { ConfigError, loadConfig } from './config/load.ts';
import { createGateway } from './gateway.ts';
import { FIRST_ROOM, createLinks, describeLinks } from './links.ts';
import { createLogger } from './observability/logger.ts';

const PARENT_CHECK_MS = 500;

const HELP = `PixelCast: a WHIP/WHEP media gateway in front of SRS.

  npm start              run it; settings are environment variables (README.md has the table)
  npm run links [room]   print links for a room, good for a day
  npm run engine         run the embedded media engine alone, in place of SRS
`;

/** The process: configuration, start, signals, exit code. */
async function main(): Promise<void> {
  if (process.argv.includes('--help')) {
    process.stdout.write(HELP);
    return;
  }
  const config = loadConfig();
  const log = createLogger({ level: config.LOG_LEVEL, format: config.LOG_FORMAT });
  const gateway = createGateway(config, log);
  process.on('unhandledRejection', (error) => {
    log.fatal({ err: error }, 'unhandled rejection');
    process.exit(1);
  });
  let stopping = false;
  const stop = (signal: string): void => {
    if (stopping) process.exit(1);
    stopping = true;
    log.info({ signal }, 'stopping');
    void gateway.close().then(() => process.exit(0));
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
  process.on('SIGHUP', () => gateway.reload());
  if (config.startedByNpm) onParentGone(() => stop('npm is gone'));

  const url = await gateway.start();
  const [reason] = gateway.notReady();
  if (reason === undefined) log.info({ url }, 'ready');
  else log.warn({ url, reason }, 'listening, not ready yet');
  const links = config.PRINT_LINKS
    ? describeLinks(createLinks(gateway.tokens, url, FIRST_ROOM, Date.now()))
    : '  Links are not printed here. "npm run links" gives them; with Docker:\n' +
      '  "docker compose exec gateway npm run links".\n';
  const state = reason === undefined ? 'is ready' : `waits for its media server (${reason})`;
  process.stdout.write(`\nPixelCast ${state} at ${url}\n\n${links}\n`);
}

try {
  await main();
} catch (error) {
  process.stderr.write(`${describe(error)}\n`);
  process.exit(1);
}

/** Calls back once when another process has become our parent. */
function onParentGone(callback: () => void): void {
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    callback();
  }, PARENT_CHECK_MS);
  timer.unref();
}

function describe(error: unknown): string {
  if (error instanceof ConfigError) return error.message;
  if (!(error instanceof Error)) return String(error);
  if ('code' in error && error.code === 'EADDRINUSE') {
    return `Another program uses the port already (${error.message}). Set PORT to a free one.`;
  }
  return `PixelCast could not start: ${error.message}`;
}
