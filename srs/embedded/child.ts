import type { FromChild, ToChild } from './child-messages.ts';
import type { EngineConfig } from './config.ts';
import { createEngine, type Engine } from './engine.ts';
import { createLog } from './log.ts';
import { createMedia } from './rtc/media-core.ts';
import { StartError } from './start-error.ts';

/** The engine's process. It lives as long as its supervisor and does what it is told by messages. */

let engine: Engine | null = null;

process.on('message', (message) => hear(message as ToChild));
process.on('disconnect', leave);
process.on('SIGTERM', leave);
// Ctrl+C reaches the whole group: the supervisor decides when this process goes.
process.on('SIGINT', () => undefined);

function hear(message: ToChild): void {
  switch (message.type) {
    case 'start':
      void start(message.config);
      return;
    case 'ping':
      tell({ type: 'pong' });
      return;
    case 'stop':
      leave();
      return;
    default:
      message satisfies never;
  }
}

async function start(config: EngineConfig): Promise<void> {
  const log = createLog(config.logLevel);
  process.on('uncaughtException', (error) => {
    log.fatal({ err: error }, 'engine failed');
    process.exit(70);
  });
  try {
    engine = await createEngine({ config, log, createMedia });
  } catch (error) {
    const expected = error instanceof StartError;
    if (!expected) log.error({ err: error }, 'engine could not be built');
    const reason = expected ? error.message : `Unexpected: ${String(error)}`;
    tell({ type: 'unable', reason }, () => process.exit(1));
    return;
  }
  const { apiPort, mediaPort, serviceId } = engine;
  tell({ type: 'ready', apiPort, mediaPort, serviceId });
}

function leave(): void {
  engine?.close();
  // The native library ends with the process only: its own clean-up aborts.
  process.exit(0);
}

function tell(message: FromChild, done: () => void = () => undefined): void {
  process.send?.(message, undefined, {}, done);
}
