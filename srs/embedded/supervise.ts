import { fileURLToPath } from 'node:url';
import { ConfigError, loadConfig, type EngineConfig } from './config.ts';
import { createLog } from './log.ts';
import { Supervisor, type ReadyEngine } from './supervisor.ts';
import { USAGE } from './usage.ts';

/** What a parent that forked this file hears; a person sees one line instead. */
type ToParent =
  ({ readonly type: 'ready' } & ReadyEngine) | { readonly type: 'down'; readonly reason: string };

const hasParent = process.send !== undefined;

if (process.argv.includes('--help') || process.argv.includes('-h')) {
  process.stdout.write(USAGE);
  process.exit(0);
}
run(readConfig());

function run(config: EngineConfig): void {
  const log = createLog(config.logLevel);
  const supervisor = new Supervisor({
    config,
    childPath: fileURLToPath(new URL('./child-main.ts', import.meta.url)),
    log,
    onReady: (engine) => {
      if (hasParent) tellParent({ type: 'ready', ...engine });
      else
        process.stdout.write(`Engine ready: ${engine.apiUrl}, media on UDP ${engine.mediaPort}\n`);
    },
    onDown: (reason) => tellParent({ type: 'down', reason }),
    onUnable: (reason) => {
      process.stderr.write(`The engine cannot start. ${reason}\n`);
      process.exit(1);
    },
  });
  const stop = (): void => void supervisor.stop().then(() => process.exit(0));
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
  if (hasParent) process.once('disconnect', stop);
  if (config.apiLogin === null && !isLoopback(config.apiHost)) {
    log.warn(
      { host: config.apiHost },
      'the API is open to the network: set ENGINE_API_USER and ENGINE_API_PASSWORD',
    );
  }
  supervisor.start();
}

function readConfig(): EngineConfig {
  try {
    return loadConfig();
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    const list = error.problems.map((problem) => `  ${problem}\n`).join('');
    process.stderr.write(
      `The engine's settings are wrong:\n${list}See node srs/embedded/main.ts --help\n`,
    );
    process.exit(1);
  }
}

function tellParent(message: ToParent): void {
  if (process.connected) process.send?.(message, () => undefined);
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || host.startsWith('127.');
}
