import { ChildKeeper, type ChildEnd } from '../../native/child-keeper.ts';
import type { FromChild, ToChild } from './child-messages.ts';
import { childEnvironment, type EngineConfig } from './config.ts';
import type { Log } from './log.ts';

/** An engine that was never ready is given up after this many starts. */
const FIRST_STARTS = 3;

export interface ReadyEngine {
  readonly apiUrl: string;
  readonly mediaPort: number;
  readonly pid: number;
  readonly serviceId: string;
}

export interface SupervisorParts {
  readonly config: EngineConfig;
  /** The module that the engine process runs. */
  readonly childPath: string;
  readonly log: Log;
  readonly onReady: (engine: ReadyEngine) => void;
  readonly onDown: (reason: string) => void;
  /** The first start cannot succeed with these settings; nothing is running any more. */
  readonly onUnable: (reason: string) => void;
}

/** Keeps one engine process running, always on the same ports. */
export class Supervisor {
  readonly #parts: SupervisorParts;
  readonly #keeper: ChildKeeper<ToChild, FromChild>;
  #config: EngineConfig;
  #everReady = false;

  constructor(parts: SupervisorParts) {
    this.#parts = parts;
    this.#config = parts.config;
    this.#keeper = new ChildKeeper<ToChild, FromChild>({
      childPath: parts.childPath,
      environment: childEnvironment(),
      greeting: () => ({ type: 'start', config: this.#config }),
      onMessage: (message, pid) => {
        if (message.type === 'ready') this.#greet(message, pid);
      },
      onEnd: (end) => this.#ended(end),
      onError: (error) => parts.log.warn({ err: error }, 'engine process error'),
    });
  }

  start(): void {
    this.#keeper.start();
  }

  /** Ends the engine, by force if it does not go by itself; resolves when it is gone. */
  stop(): Promise<void> {
    return this.#keeper.stop();
  }

  #greet({ apiPort, mediaPort, serviceId }: FromChild & { type: 'ready' }, pid: number): void {
    this.#everReady = true;
    // Ports that were "any" are fixed from here on: clients come back to the same place.
    this.#config = { ...this.#config, apiPort, mediaPort };
    const apiUrl = `http://${reachableHost(this.#config.apiHost)}:${apiPort}`;
    this.#parts.log.info({ apiUrl, mediaPort, pid, serviceId }, 'engine ready');
    this.#parts.onReady({ apiUrl, mediaPort, pid, serviceId });
  }

  #ended({ reason, wasReady, wasUnable, failuresInARow, delayMs }: ChildEnd): boolean {
    if (!this.#everReady && (wasUnable || failuresInARow >= FIRST_STARTS)) {
      this.#parts.onUnable(reason);
      return false;
    }
    this.#parts.log.error({ reason, delayMs }, 'engine lost, starting it again');
    if (wasReady) this.#parts.onDown(reason);
    return true;
  }
}

function reachableHost(host: string): string {
  if (host === '0.0.0.0' || host === '::') return '127.0.0.1';
  return host.includes(':') ? `[${host}]` : host;
}
