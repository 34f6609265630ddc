import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { endWith } from '../end-with.ts';
import { EXIT_CODES } from '../host-error.ts';
import { Desktop } from './desktop.ts';
import { keepRunning, type Ending } from './keep-running.ts';
import { readContainerSettings, type ContainerSettings } from './settings.ts';

const HOST = fileURLToPath(new URL('../main.ts', import.meta.url));
/** Another start finds the same: the container ends, and its restart policy has the word. */
const HOPELESS: readonly Ending[] = [
  EXIT_CODES.usage,
  EXIT_CODES['software-missing'],
  EXIT_CODES.refused,
  EXIT_CODES['not-an-endpoint'],
];

/** The process of the host's container: a desktop where one is wanted, and the agent beside it. */
async function main(): Promise<number> {
  const settings = readContainerSettings();
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => stop.abort());
  if (settings.source === 'cube') return publish(settings, settings.environment, stop.signal);
  const desktop = await Desktop.open(settings, join(tmpdir(), 'desktop'));
  try {
    const { environment } = desktop;
    const shown = keepRunning(
      { command: ['sh', '-c', settings.command], environment, onLine: print },
      stop.signal,
    );
    const code = await Promise.race([
      publish(settings, environment, stop.signal),
      desktop.ended,
    ]).finally(() => stop.abort());
    await shown;
    return code;
  } finally {
    await desktop.close();
  }
}

/** Keeps the agent running; resolves with the container's exit code. */
async function publish(
  { source, gateway, room, tokenFile }: ContainerSettings,
  environment: Desktop['environment'],
  stop: AbortSignal,
): Promise<number> {
  const where = ['--gateway', gateway, '--room', room, '--token-file', tokenFile];
  const ending = await keepRunning(
    {
      command: [process.execPath, HOST, '--source', source, ...where],
      environment,
      onLine: print,
    },
    stop,
    (how) => !HOPELESS.includes(how),
  );
  return typeof ending === 'number' ? ending : 0;
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

await endWith(main);
